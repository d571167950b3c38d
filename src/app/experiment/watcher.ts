import { FactBook } from "../../core/judge/experiment/facts.ts";
import type { FaultNews } from "../../core/judge/scenario/bands.ts";
import { inheritedBy } from "../../core/judge/experiment/inherited.ts";
import type {
  Fact,
  Inherited,
  ProbeSample,
  StepResult,
  PortLeaks,
  Unheard,
} from "../../core/judge/experiment/record.ts";
import { PlanLabel } from "../../core/render/nodes/spec.ts";
import type { NodeEvent } from "../../core/model/protocol/event.ts";
import type { NodeStatus } from "../../core/model/status/model.ts";
import { parseUtc } from "../../core/model/utc.ts";
import type { Engines, Seen } from "../agents/engines.ts";
import type { SeenNode } from "../agents/node.ts";
import { LiveLabs } from "../live-labs.ts";
import { pause } from "../ports/time.ts";
import type { GrowingFile } from "../ports/run-folder.ts";
import { LabLeaks } from "./port-leaks.ts";

export interface WatcherOptions {
  readonly engines: Engines;
  readonly lab: string;
  readonly nodes: readonly SeenNode[];
  /** Where every event is written as it comes, from t=0. */
  readonly events: GrowingFile;
  /** Seconds since t=0, for what no agent tells the time of. */
  readonly nowS: () => number;
  /** The engine tells nothing any more. */
  readonly onFailure: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** An agent that was silent for longer was stopped itself, and saw nothing either. */
const LONGEST_RESUMED_S = 10;

/** Hears all that the agents of a lab tell during a run, and knows what holds now. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #live: LiveLabs;
  readonly #book: FactBook;
  readonly #leaks: LabLeaks;
  readonly #facts: Fact[] = [];
  readonly #faults: FaultNews[] = [];
  readonly #unheard: Unheard[] = [];
  /** Nodes that are not heard now, and since when in seconds since t=0. */
  readonly #silentSinceS = new Map<string, number>();
  readonly #echoes = new Map<string, ProbeSample>();
  /** When each node last told something, in seconds since 1970 by its agent. */
  readonly #toldS = new Map<string, number>();
  /** Of each node, until t=0. */
  readonly #latest = new Map<string, NodeStatus>();
  #inherited: readonly Inherited[] = [];
  /** Seconds since 1970 of t=0 by the engine's clock; undefined before it. */
  #startS: number | undefined;
  #changed = new AbortController();
  #closed = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
    const cpes = new Map(
      options.nodes.map(({ name, container: { labels } }) => [
        name,
        labels[PlanLabel.cpe] ?? labels[PlanLabel.device],
      ]),
    );
    this.#book = new FactBook((host) => cpes.get(host));
    this.#leaks = new LabLeaks(options.nodes.filter(({ role }) => role === "bng").map(({ name }) => name));
    this.#live = new LiveLabs(options.engines, () => [{ lab: options.lab }], options.signal, {
      onTold: (node, event) => this.#told(node, event),
      onStatus: (node, status) => this.#status(node, status),
      onGone: (node, silentMs) => this.#gone(node, silentMs),
    });
  }

  /** Resolves when every node that runs has been heard, or had time to. */
  async open(seen: Seen): Promise<void> {
    await this.#live.open(seen);
    this.#live.untilEnd().catch((error: unknown) => {
      if (!this.#closed && !this.#options.signal.aborted) this.#options.onFailure(error);
    });
  }

  /** t=0: what holds now is what the run begins with. */
  begin(startS: number): void {
    this.#startS = startS;
    this.#leaks.begin(startS);
    this.#facts.push(...this.#book.all(0));
    for (const { name, runs } of this.#options.nodes)
      if (runs && !this.#latest.has(name)) this.#silentSinceS.set(name, 0);
    const nodes = this.#options.nodes.flatMap(({ name, container }) => {
      const status = this.#latest.get(name);
      return status === undefined ? [] : [{ status, cpe: container.labels[PlanLabel.cpe] }];
    });
    this.#inherited = inheritedBy(nodes);
    this.#latest.clear();
  }

  /** What nodes held at t=0 of before the run. */
  get inherited(): readonly Inherited[] {
    return this.#inherited;
  }

  get facts(): readonly Fact[] {
    return this.#facts;
  }

  get faults(): readonly FaultNews[] {
    return this.#faults;
  }

  /** When nodes were not heard since t=0, as far as nothing of it was told afterwards. */
  get unheard(): readonly Unheard[] {
    const still = [...this.#silentSinceS].map(([node, fromS]): Unheard => ({ node, fromS, toS: null }));
    return [...this.#unheard, ...still];
  }

  /** What leaked at the port of each provider from t=0 until then. */
  leaks(untilS: number): Readonly<Record<string, PortLeaks>> {
    return this.#leaks.until(untilS);
  }

  /** The last probe of each source to each target. */
  get echoes(): readonly ProbeSample[] {
    return [...this.#echoes.values()];
  }

  /** Takes the end of a probe in; whether it is the latest of its source to its target. */
  echo(echo: ProbeSample): boolean {
    const key = `${echo.node} ${echo.source} ${echo.target}`;
    const before = this.#echoes.get(key);
    // Those without an answer are known later than those with one.
    if (before !== undefined && before.sentNs > echo.sentNs) return false;
    this.#echoes.set(key, echo);
    if (before?.outcome !== echo.outcome) this.#wake();
    return true;
  }

  /** Writes what the run itself did among the events. */
  step(step: StepResult, phase: "begin" | "end"): void {
    const atS = phase === "begin" ? step.startedS : step.endedS;
    this.#options.events.write(`${JSON.stringify({ atS, event: `step-${phase}`, step })}\n`);
  }

  /** Takes a status in that was asked for, so that what only counts is as it was at `atS`. */
  count(status: NodeStatus, atS: number): void {
    this.#leaks.take(status, atS);
  }

  /** What leaks from now on is no part of the run. */
  endCount(): void {
    this.#leaks.end();
  }

  /** Resolves at the next change, or after so long. */
  async changed(atMostMs: number, signal: AbortSignal): Promise<void> {
    const { signal: woken } = this.#changed;
    await pause(atMostMs, AbortSignal.any([signal, woken])).catch((error: unknown) => {
      if (!woken.aborted || signal.aborted) throw error;
    });
  }

  close(): void {
    this.#closed = true;
    this.#live.close();
  }

  #told(node: SeenNode, event: NodeEvent): void {
    const atS = parseUtc(event.at);
    if (atS !== undefined) this.#toldS.set(node.name, atS);
    if (this.#startS === undefined || atS === undefined) return;
    this.#heardAgain(node.name, event.event === "snapshot", rounded(atS - this.#startS));
    this.#options.events.write(`${JSON.stringify({ atS: rounded(atS - this.#startS), ...event })}\n`);
    if (event.event !== "fault-began" && event.event !== "fault-ended") return;
    const reason = event.event === "fault-ended" ? event.reason : null;
    this.#faults.push({ atS: rounded(atS - this.#startS), node: node.name, fault: event.fault, reason });
  }

  #status(node: SeenNode, status: NodeStatus): void {
    if (this.#startS === undefined) this.#latest.set(node.name, status);
    this.#leaks.take(status, Math.max(0, this.#sinceStart(node.name)));
    this.#add(this.#book.take(status, this.#sinceStart(node.name)));
  }

  #gone(node: SeenNode, silentMs: number): void {
    if (this.#startS !== undefined && !this.#silentSinceS.has(node.name))
      this.#silentSinceS.set(node.name, Math.max(0, rounded(this.#options.nowS() - silentMs / 1000)));
    this.#add(this.#book.lose(node.name, rounded(this.#options.nowS())));
  }

  /** A stream that goes on where it ended tells all that happened meanwhile; a snapshot does not. */
  #heardAgain(node: string, bySnapshot: boolean, atS: number): void {
    const fromS = this.#silentSinceS.get(node);
    if (fromS === undefined) return;
    this.#silentSinceS.delete(node);
    const toS = Math.max(atS, fromS);
    if (bySnapshot || toS - fromS > LONGEST_RESUMED_S) this.#unheard.push({ node, fromS, toS });
  }

  #sinceStart(node: string): number {
    return rounded((this.#toldS.get(node) ?? 0) - (this.#startS ?? 0));
  }

  #add(facts: readonly Fact[]): void {
    // Before t=0 nothing is written down: `begin` takes what holds then. A line of before may come a moment late.
    if (this.#startS !== undefined)
      this.#facts.push(...facts.map((fact) => ({ ...fact, atS: Math.max(0, fact.atS) })));
    if (facts.length > 0) this.#wake();
  }

  #wake(): void {
    this.#changed.abort();
    this.#changed = new AbortController();
  }
}

/** Microseconds: more than that the agents do not tell. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
