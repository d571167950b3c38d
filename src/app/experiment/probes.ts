import { INTERNET_ADDRESS } from "../../core/model/internet/config.ts";
import { ProbeJoin, type AbsoluteFlowSample, type AbsoluteSample } from "../../core/judge/experiment/join.ts";
import type { FlowPlan, ProbePlan, Sending } from "../../core/judge/experiment/record.ts";
import { formatIp6, parseIp6 } from "../../core/model/ip6.ts";
import type { ProbeTarget } from "../../core/model/protocol/probing.ts";
import type { SeenNode } from "../agents/node.ts";
import { keepFlow } from "./flows.ts";
import { keepStream, type Stream } from "./stream.ts";

export type { AbsoluteFlowSample, AbsoluteSample } from "../../core/judge/experiment/join.ts";

export interface ProbesOptions {
  readonly nodes: readonly SeenNode[];
  /** The bundled internet, which reflects probes and tells of them; null without one: then all are echoes. */
  readonly internet: SeenNode | null;
  readonly plan: ProbePlan;
  readonly flows: readonly FlowPlan[];
  /** Told of each probe when it is known what came of it: an answer at once, the lack of one after 2 s. */
  readonly onSample?: (sample: AbsoluteSample) => void;
  /** Told of what happens to flows. */
  readonly onFlow?: (sample: AbsoluteFlowSample) => void;
  /** Told when something is missing in what was measured, and why. */
  readonly tell?: (sentence: string) => void;
}

/** What is sent until it is stopped. */
export interface Probing {
  /** Ends all; waits for the answers that are on their way, 2 s at most. All samples, in the order in which they were sent. */
  stop(): Promise<{
    probes: AbsoluteSample[];
    flows: AbsoluteFlowSample[];
    sending: Sending[];
  }>;
}

/**
 * Lets every host and CPE of the plan send from each of its addresses to each target, and keeps the flows; resolves when all
 * send. Throws OperationError MHLAB_PROBE when one does not begin; then nothing is sent any more.
 */
export async function startProbes(options: ProbesOptions): Promise<Probing> {
  const { internet, plan, onSample, onFlow, tell = () => {} } = options;
  const senders = options.nodes.filter(({ role }) => role === "host" || role === "cpe");
  const probing = senders.filter(({ name, runs }) => runs && (plan.from?.includes(name) ?? true));
  const join = new ProbeJoin();
  const flows: AbsoluteFlowSample[] = [];
  const sendingOf = new Map<string, Sending>();
  const [endSending, endListening] = [new AbortController(), new AbortController()];
  const targets = targetsOf(plan, internet !== null);
  const texts = new Map(plan.targets.map((text) => [canonical(text), text]));

  const probesOf = (node: SeenNode): Stream => {
    let session = 0;
    return keepStream({
      node,
      request: { verb: "probe", everyMs: plan.everyMs, targets },
      signal: endSending.signal,
      again: true,
      tell,
      onLine(line) {
        if (line.kind === "began") ({ session } = line);
        if (line.kind === "gap" && line.sending !== undefined) {
          const { skipped = 0, dropped = 0 } = sendingOf.get(node.name) ?? {};
          const sum = { skipped: skipped + line.sending.skipped, dropped: dropped + line.sending.dropped };
          sendingOf.set(node.name, { node: node.name, ...sum });
        }
        if (line.kind !== "probe") return;
        const target = texts.get(line.probe.target) ?? line.probe.target;
        const sample = join.sent(node.name, { ...line.probe, target, session });
        onSample?.(sample);
      },
    });
  };
  const keep = (sample: AbsoluteFlowSample): void => {
    flows.push(sample);
    onFlow?.(sample);
  };
  const listening =
    internet === null
      ? undefined
      : keepStream({
          node: internet,
          request: { verb: "arrivals" },
          signal: endListening.signal,
          again: true,
          tell,
          onLine: (line) => {
            if (line.kind === "arrival") join.arrived(line.arrival);
          },
        });
  let sending: readonly Stream[] = [];
  const stop = async (): Promise<void> => {
    endSending.abort();
    await Promise.all(sending.map(({ ended }) => ended));
    endListening.abort();
    await listening?.ended;
  };
  try {
    // Who sends before anybody listens is not heard.
    await listening?.begun;
    sending = [
      ...(targets.length === 0 ? [] : probing.map(probesOf)),
      ...options.flows.map((flow) =>
        keepFlow(flow, { nodes: senders, signal: endSending.signal, tell, onSample: keep }),
      ),
    ];
    await Promise.all(sending.map(({ begun }) => begun));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async stop() {
      await stop();
      return { probes: join.samples(), flows, sending: [...sendingOf.values()] };
    },
  };
}

/** Only the bundled internet is known to reflect. */
function targetsOf({ targets }: ProbePlan, bundled: boolean): ProbeTarget[] {
  return [...new Set(targets.map(canonical))].map((address) => ({
    by: bundled && address === INTERNET_ADDRESS ? "stamp" : "icmp",
    address,
  }));
}

function canonical(text: string): string {
  const bits = parseIp6(text);
  return bits === undefined ? text : formatIp6(bits);
}
