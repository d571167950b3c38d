import { reasonOf } from "../../core/model/errors.ts";
import type { ClockOffset } from "../../core/judge/experiment/clock-offset.ts";
import type { Recorded } from "../../core/judge/scenario/conditions/kind.ts";
import { EVENTS_FILE } from "../../core/judge/experiment/file-names.ts";
import { loadFacts } from "../../core/judge/experiment/load.ts";
import type { RunReport } from "../../core/judge/scenario/progress.ts";
import { bandsOf } from "../../core/judge/scenario/bands.ts";
import type { Band, LoadSample, StepResult } from "../../core/judge/experiment/record.ts";
import { formatUtc } from "../../core/model/utc.ts";
import { askNodes } from "../status.ts";
import { Captures, wireCounts } from "./captures.ts";
import { measureClock, wallMs } from "./clock.ts";
import { within } from "./steps/limits.ts";
import { sampleLoad, type LoadSampling } from "./load-samples.ts";
import { inventory } from "./machine.ts";
import type { Ground } from "./prepare.ts";
import { startProbes, type AbsoluteSample, type Probing } from "./probes.ts";
import { nodesIn, sinceStart, type Gathered, type RunPlan } from "./record.ts";
import type { GrowingFile, RunFolder } from "../ports/run-folder.ts";
import type { Engines } from "../agents/engines.ts";
import { Watcher } from "./watcher.ts";

/** Limits of the phases, so that no run hangs. */
const LIMITS_MS = {
  heard: 20_000,
  clock: 15_000,
  probes: 60_000,
  stop: 45_000,
  machine: 30_000,
  status: 10_000,
};

export interface ObserversOptions {
  readonly plan: RunPlan;
  readonly ground: Ground;
  readonly engines: Engines;
  readonly folder: RunFolder;
  readonly version: string;
  readonly commit: string | null;
  readonly report: RunReport;
  /** Something ended that should not: the run cannot go on. */
  readonly onFailure: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** How a run ended. */
interface Ending {
  readonly partial: boolean;
  /** What is seen later is no part of it. */
  readonly durationS: number;
  /** What the tools of loads measured. */
  readonly loads: readonly LoadSample[];
}

/** All that looks at a run while it goes on. */
export class Observers {
  readonly #options: ObserversOptions;
  readonly #captures: Captures;
  readonly #events: GrowingFile;
  readonly watcher: Watcher;
  #probing: Probing | undefined;
  #clock: ClockOffset = { offsetMs: 0, uncertaintyMs: 0 };
  #machine: Omit<Gathered["machine"], "load"> | undefined;
  #load: LoadSampling | undefined;
  /** t=0 by a clock of ours that never jumps, and by the engine's. */
  #start: { readonly monotonicMs: number; readonly ns: bigint } | undefined;

  constructor(options: ObserversOptions) {
    this.#options = options;
    const { engines, folder, ground, plan, version, signal } = options;
    const { nodes } = ground;
    this.#events = folder.grow(EVENTS_FILE, { lines: true });
    const { onFailure } = options;
    this.#captures = new Captures({
      nodes,
      folder,
      application: `mhlab ${version}`,
      nowS: () => this.nowS(),
      nowNs: () => this.#nowNs(),
      onFailure,
      signal,
    });
    this.watcher = new Watcher({
      engines,
      lab: plan.lab.name,
      nodes,
      events: this.#events,
      nowS: () => this.nowS(),
      onFailure,
      signal,
    });
  }

  /** Seconds since t=0; 0 before it. */
  nowS(): number {
    return this.#start === undefined
      ? 0
      : Math.round((performance.now() - this.#start.monotonicMs) * 1000) / 1e6;
  }

  /** Nanoseconds since 1970 by the engine's clock. */
  #nowNs(): bigint {
    return BigInt(Math.round((wallMs() + this.#clock.offsetMs) * 1000)) * 1000n;
  }

  /** Begins to look; t=0 is when it resolves. Rejects with what cannot be begun. */
  async start(): Promise<void> {
    const { ground, plan, report, signal } = this.#options;
    const [first] = ground.nodes;
    if (first === undefined) throw new Error("a lab without nodes");
    report({ kind: "phase", text: "listening to the nodes of the lab" });
    const limit = (what: string, ms: number) => ({ what, ms, signal });
    await within(limit("hearing the nodes", LIMITS_MS.heard), () => this.watcher.open(ground.seen));
    report({ kind: "phase", text: "comparing clocks, and writing down with what it runs" });
    this.#clock = await within(limit("the comparison of clocks", LIMITS_MS.clock), (ending) =>
      measureClock(first, ending),
    );
    this.#machine = await this.#inventory(signal);
    this.#load = sampleLoad(ground.nodes.find(({ role }) => role === "internet") ?? first);
    report({ kind: "phase", text: "starting captures" });
    await this.#captures.start(plan.scenario);
    report({ kind: "phase", text: "starting probes" });
    const { probes, flows } = plan.scenario;
    this.#probing = await within(limit("the start of the probes", LIMITS_MS.probes), () =>
      startProbes({
        nodes: ground.nodes,
        internet: ground.nodes.find(({ role }) => role === "internet") ?? null,
        plan: probes,
        flows,
        onSample: (sample) => this.#echo(sample),
        tell: (text) => report({ kind: "said", text, atS: this.nowS() }),
      }),
    );
    await this.#countLeaks();
    const monotonicMs = performance.now();
    const ns = this.#nowNs();
    this.#start = { monotonicMs, ns };
    this.watcher.begin(Number(ns) / 1e9);
  }

  /** Seconds since t=0 of nanoseconds since 1970 by the engine's clock. */
  sinceStart(wallNs: bigint): number {
    return Number(wallNs - this.#startNs) / 1e9;
  }

  /** Takes a step into events and captures. */
  step(step: StepResult, phase: "begin" | "end"): void {
    this.watcher.step(step, phase);
    const atS = phase === "begin" ? step.startedS : (step.endedS ?? step.startedS);
    const said = step.detail === null ? "" : `: ${step.detail}`;
    const text =
      phase === "begin" ? `mhlab: ${step.id}: ${step.text}` : `mhlab: ${step.id} ${step.outcome}${said}`;
    this.#captures.remark({ timeNs: this.#startNs + BigInt(Math.round(atS * 1e9)), text });
  }

  /** What was seen so far, of probes the last of each. */
  watched(): Recorded {
    const { scenario, lab } = this.#options.plan;
    const { facts, unheard, echoes: probes } = this.watcher;
    return { facts, unheard, probes, flows: [], nodes: nodesIn(lab), durationS: this.nowS(), scenario };
  }

  /** What lasts or lasted so far. */
  bands(steps: readonly StepResult[]): Band[] {
    const { facts, faults } = this.watcher;
    return bandsOf(faults, { plan: this.#options.plan.scenario.steps, steps, facts, endS: Infinity });
  }

  /** UTC, RFC 3339: t=0 by the engine's clock. */
  get startedAt(): string {
    return formatUtc(Number(this.#startNs / 1000n) / 1e6, 6);
  }

  /** What is known so far, but for the probes: they come at the end. */
  soFar(steps: readonly StepResult[]): Gathered {
    return this.#gathered(steps, {
      partial: true,
      probes: [],
      flows: [],
      sending: [],
      wires: [],
      loads: [],
    });
  }

  /** The end of the run: what leaks from now on is no part of it. */
  async endLeaks(): Promise<void> {
    await this.#countLeaks();
    this.watcher.endCount();
  }

  /** Reads what the ports of the providers have counted. What does not answer leaves a gap in the record. */
  async #countLeaks(): Promise<void> {
    const nodes = this.#options.ground.nodes.filter(({ role }) => role === "bng");
    const limit = { what: "the count of leaks", ms: LIMITS_MS.status, signal: new AbortController().signal };
    await within(limit, async (signal) => {
      const atS = this.nowS();
      for (const { reply } of await askNodes({ nodes, signal }))
        if (reply?.kind === "answer") this.watcher.count(reply.value, atS);
    }).catch(() => undefined);
  }

  /** Ends all that looks, and gives what was seen. Never rejects: what a part does not give in time is missing, and that is told. */
  async stop(steps: readonly StepResult[], { partial, durationS, loads }: Ending): Promise<Gathered> {
    const { report } = this.#options;
    const { signal } = new AbortController();
    const orTell = async <T>(
      what: string,
      ms: number,
      act: (end: AbortSignal) => Promise<T>,
    ): Promise<T | undefined> =>
      await within({ what, ms, signal }, act).catch((error: unknown) => {
        const why = reasonOf(error);
        report({ kind: "said", text: `${what} is missing: ${why}`, atS: null });
        return undefined;
      });
    const probed = await orTell(
      "what the probes found",
      LIMITS_MS.stop,
      async () => await this.#probing?.stop(),
    );
    const times = await this.#captures.stop(signal);
    this.#machine =
      (await orTell("the state of the queues", LIMITS_MS.machine, (end) => this.#inventory(end))) ??
      this.#machine;
    this.close();
    const { probes = [], flows = [], sending = [] } = probed ?? {};
    const wires = wireCounts(times, this.#startNs);
    return { ...this.#gathered(steps, { partial, probes, flows, sending, wires, loads }), durationS };
  }

  /** Lets go of everything; fine when nothing was begun. */
  close(): void {
    this.#load?.stop();
    this.watcher.close();
    this.#events.close();
  }

  /** Ends what was begun before t=0 came. */
  async abandon(): Promise<void> {
    this.close();
    await Promise.allSettled([this.#probing?.stop(), this.#captures.stop(new AbortController().signal)]);
  }

  get #startNs(): bigint {
    return this.#start?.ns ?? 0n;
  }

  #gathered(
    steps: readonly StepResult[],
    seen: Pick<Gathered, "partial" | "probes" | "flows" | "sending" | "wires" | "loads">,
  ): Gathered {
    const empty = {
      mhlab: this.#options.version,
      commit: this.#options.commit,
      kernel: "",
      engine: "",
      hardware: { cpu: null, cores: null, memoryBytes: null },
      images: {},
      packages: {},
      sysctls: {},
      queues: {},
    };
    return {
      startNs: this.#startNs,
      durationS: this.nowS(),
      machine: {
        ...(this.#machine ?? { ...empty, clock: this.#clock }),
        load: this.#load?.facts() ?? loadFacts([], 0),
      },
      steps,
      watcher: this.watcher,
      ...seen,
    };
  }

  async #inventory(signal: AbortSignal): Promise<Omit<Gathered["machine"], "load">> {
    const { ground, version, commit } = this.#options;
    const engine = ground.nodes[0]?.engine.reader.where ?? "";
    return await inventory(ground.nodes, { mhlab: version, commit, engine, clock: this.#clock, signal });
  }

  #echo(sample: AbsoluteSample): void {
    // What was sent before t=0 is no part of the run.
    if (this.#start === undefined || sample.sentNs < this.#start.ns) return;
    const probe = sinceStart(sample, this.#start.ns);
    const { node, source, target, outcome, sentNs, receivedNs } = probe;
    const isLatest = this.watcher.echo(probe);
    if (!isLatest) return;
    const rttMs = receivedNs === null ? null : (receivedNs - sentNs) / 1e6;
    const up = outcome === "answered";
    this.#options.report({
      kind: "echo",
      node,
      source,
      target,
      up,
      rttMs,
      sentS: sentNs / 1e9,
      atS: this.nowS(),
    });
  }
}
