import { capturesOf, type KeptCapture } from "../../core/judge/experiment/capture-plan.ts";
import type { Remark } from "../../features/capture/merge.ts";
import type { CapturePlan, WireCount } from "../../core/judge/experiment/record.ts";
import type { Scenario } from "../../core/judge/scenario/record.ts";
import { captureOf } from "../../core/judge/scenario/expectations/registry.ts";
import { UsageError } from "../../core/model/errors.ts";
import type { SeenNode } from "../agents/node.ts";
import { capture } from "../capture.ts";
import type { RunFolder } from "../ports/run-folder.ts";
import { within } from "./steps/limits.ts";

/** tcpdump listens within a second, on a busy machine within some. */
const LISTEN_MS = 20_000;
const STOP_MS = 15_000;

export interface CapturesOptions {
  readonly nodes: readonly SeenNode[];
  readonly folder: RunFolder;
  readonly application: string;
  /** Seconds since t=0. */
  readonly nowS: () => number;
  /** Nanoseconds since 1970 by the engine's clock. */
  readonly nowNs: () => bigint;
  /** A capture ended that should not. */
  readonly onFailure: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Packets of an expectation, and when nobody captured, in seconds since t=0. */
interface Counted {
  readonly timesNs: bigint[];
  readonly missing: { readonly fromS: number; toS: number | null }[];
}

/** All captures of a run. */
export class Captures {
  readonly #options: CapturesOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>[] = [];
  readonly #remarks: ((remark: Remark) => void)[] = [];
  readonly #wires = new Map<string, Counted>();

  constructor(options: CapturesOptions) {
    this.#options = options;
  }

  /** Resolves when all that the scenario asks for listens. Throws UsageError for a node that is not there, and what tcpdump says. */
  async start({ captures, expect }: Scenario): Promise<void> {
    const { nodes, signal } = this.#options;
    const kept = capturesOf(captures, nodes).map((plan) => this.#keep(plan));
    const counted = expect.flatMap((one) => {
      const plan = captureOf(one);
      return plan === undefined ? [] : this.#count(one.id, plan);
    });
    const limit = { what: "the start of the captures", ms: LISTEN_MS, signal };
    await within(limit, async () => void (await Promise.all([...kept, ...counted])));
  }

  /** Writes into every capture what happened at a time, nanoseconds since 1970 by the engine's clock. */
  remark(remark: Remark): void {
    for (const say of this.#remarks) say(remark);
  }

  /** Ends all; the packets counted of each expectation, by nanoseconds since 1970. */
  async stop(signal: AbortSignal): Promise<ReadonlyMap<string, Counted>> {
    this.#stop.abort();
    const limit = { what: "the end of the captures", ms: STOP_MS, signal };
    await within(limit, () => Promise.allSettled(this.#running)).catch(() => undefined);
    return this.#wires;
  }

  async #keep(plan: KeptCapture): Promise<void> {
    const file = this.#options.folder.grow(plan.file);
    let say: ((remark: Remark) => void) | undefined;
    const events = {
      write: (bytes: Uint8Array) => file.write(bytes),
      onBegin: (remark: (remark: Remark) => void) => {
        say = remark;
        this.#remarks.push(remark);
      },
      // What is not in the file because nobody listened looks like silence otherwise.
      onTold: (text: string) => say?.({ timeNs: this.#options.nowNs(), text: `mhlab: ${text}` }),
    };
    await this.#listen(plan, events, () => file.close());
  }

  async #count(expectation: string, plan: CapturePlan): Promise<void> {
    const counted: Counted = { timesNs: [], missing: [] };
    this.#wires.set(expectation, counted);
    const onPacket = (_: string, { timeNs }: { timeNs: bigint }): void => void counted.timesNs.push(timeNs);
    await this.#listen(plan, { write: () => undefined, onPacket }, () => undefined, counted);
  }

  /** Resolves when every interface of it is listened to; it goes on then. */
  async #listen(
    plan: CapturePlan,
    events: Pick<Parameters<typeof capture>[0], "write" | "onPacket" | "onBegin"> & {
      readonly onTold?: (text: string) => void;
    },
    close: () => void,
    counted?: Counted,
  ): Promise<void> {
    const { nodes, application, nowS, onFailure } = this.#options;
    const node = nodes.find(({ name }) => name === plan.node);
    if (node === undefined) throw new UsageError(`there is no ${plan.node} in this lab to capture at`);
    await new Promise<void>((resolve, reject) => {
      let listening = false;
      let missing = Infinity;
      const end = this.#stop.signal;
      const ended = capture({
        ...events,
        node,
        interfaces: plan.interface === null ? [] : [plan.interface],
        filter: plan.filter ?? undefined,
        application,
        signal: end,
        onDevices: (count) => (missing = count),
        tell: (text) => {
          if (listening) events.onTold?.(text);
          missing += text.startsWith("listening on ") ? -1 : 1;
          const open = counted?.missing.findLast(({ toS }) => toS === null);
          if (missing > 0 && listening && open === undefined)
            counted?.missing.push({ fromS: nowS(), toS: null });
          if (missing > 0) return;
          if (open !== undefined) open.toS = nowS();
          listening = true;
          resolve();
        },
      }).finally(close);
      this.#running.push(ended);
      ended.then(
        () => resolve(),
        (error: unknown) => {
          reject(error instanceof Error ? error : new Error(String(error)));
          if (listening && !end.aborted) onFailure(error);
        },
      );
    });
  }
}

/** Counts of a run, relative to its t=0. */
export function wireCounts(counts: ReadonlyMap<string, Counted>, startNs: bigint): WireCount[] {
  return [...counts].map(([expectation, { timesNs, missing }]) => ({
    expectation,
    atS: timesNs.filter((one) => one >= startNs).map((one) => Number(one - startNs) / 1e9),
    ...(missing.length === 0
      ? {}
      : { missing: missing.map(({ fromS, toS }) => [fromS, toS ?? Infinity] as const) }),
  }));
}
