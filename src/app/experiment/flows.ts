import type { AbsoluteFlowSample } from "../../core/judge/experiment/join.ts";
import type { FlowPlan } from "../../core/judge/experiment/record.ts";
import type { RequestOf } from "../../core/model/protocol/verbs.ts";
import type { SeenNode } from "../agents/node.ts";
import { sourceAddress } from "../load/source.ts";
import { keepStream, type Stream } from "./stream.ts";

interface FlowOptions {
  readonly nodes: readonly SeenNode[];
  readonly signal: AbortSignal;
  readonly onSample: (sample: AbsoluteFlowSample) => void;
  readonly tell: (sentence: string) => void;
}

/** Keeps one flow until it breaks or the signal ends it. Where it cannot even begin, that is a sample. */
export function keepFlow(plan: FlowPlan, options: FlowOptions): Stream {
  const { signal, tell } = options;
  const say = (event: AbsoluteFlowSample["event"], detail: string): void =>
    options.onSample({ flow: plan.id, atNs: BigInt(Date.now()) * 1_000_000n, event, rttNs: null, detail });
  let over = false;
  const begin = async (): Promise<Stream | undefined> => {
    const node = options.nodes.find(({ name }) => name === plan.from);
    if (node === undefined) {
      say("refused", `there is no ${plan.from}`);
      return undefined;
    }
    const source = plan.source === null ? undefined : await sourceAddress(node, plan.source, signal);
    if (source === null) {
      say("refused", `${plan.from} has no address of ${plan.source}`);
      return undefined;
    }
    return keepStream({
      node,
      request: requestOf(plan, source),
      signal,
      again: false,
      tell,
      onLine(line) {
        if (line.kind === "failure") say("refused", line.failure.error);
        if (line.kind !== "flow") return;
        over ||= !["connected", "answered", "lost"].includes(line.flow.event);
        options.onSample({ flow: plan.id, ...line.flow });
      },
    });
  };
  const stream = begin();
  return {
    begun: stream.then(async (one) => await one?.begun),
    ended: stream.then(
      async (one) => {
        await one?.ended;
        if (one !== undefined && !over) say("sender-gone", `${plan.from} went, or its agent`);
      },
      () => undefined,
    ),
  };
}

function requestOf({ kind, everyMs, target }: FlowPlan, source: string | undefined): RequestOf<"flow"> {
  return { verb: "flow", kind, everyMs, target, ...(source === undefined ? {} : { source }) };
}
