import { reasonOf } from "../../core/model/errors.ts";
import type { LiveMessage, LogEntry, Span } from "../../core/judge/live/message.ts";
import { LiveView } from "../../core/judge/live/view.ts";
import type { ExpectedNodes } from "../../core/render/nodes/node.ts";
import type { LabStatus } from "../../core/model/status/model.ts";
import { formatUtc } from "../../core/model/utc.ts";
import { nodesOf, type Engines } from "../agents/engines.ts";
import { pause } from "../ports/time.ts";
import { labStatus } from "../status.ts";
import { EventFeed } from "./event-feed.ts";
import { MessageJournal, type Told } from "./journal.ts";
import { LabRun } from "./run.ts";

/** So long the lab is followed after the last who looked has gone: a page that is loaded anew finds all of it. */
const LINGER_MS = 15_000;
const [RETRY_MS, LONGEST_RETRY_MS] = [500, 5000];

export interface CollectorOptions {
  readonly engines: Engines;
  readonly lab: string;
  readonly expected?: ExpectedNodes | undefined;
  /** How the user calls mhlab. */
  readonly self: string;
  readonly version: string;
  /** Names this run. Letters and digits. */
  readonly epoch: string;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Client {
  tell(message: Told): void;
}

/**
 * All that is known of a lab, for everyone who looks: pages, scrapers, the API. Followed by the events of its agents, by one
 * stream per engine; while nobody looks, nothing is followed.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #view = new LiveView();
  readonly #journal: MessageJournal;
  readonly #clients = new Set<Client>();
  readonly #feed = new EventFeed();
  #run: LabRun | undefined;
  #rest: NodeJS.Timeout | undefined;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#journal = new MessageJournal(options.epoch);
    this.#take({ type: "lab", ...this.#head(), log: [], spans: [], history: this.#view.history.toJSON() });
    options.signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  get lab(): string {
    return this.#options.lab;
  }

  /** Adds one who looks: what he missed since a place, or everything, then every message; the call that he goes. */
  async open(since: string | undefined, client: Client): Promise<() => void> {
    await this.#follow();
    const missed = since === undefined ? undefined : this.#journal.after(since);
    for (const message of missed ?? this.#everything()) client.tell(message);
    this.#clients.add(client);
    return () => {
      if (this.#clients.delete(client)) this.#restIfAlone();
    };
  }

  /** Adds one who listens to the events themselves, as `mhlab events --json` has them: what is now, then what comes; the call that he goes. */
  async events(listener: (line: object) => void): Promise<() => void> {
    await this.#follow();
    const close = this.#feed.open(listener);
    return () => {
      close();
      this.#restIfAlone();
    };
  }

  /** The lab's status as `mhlab status` tells it: of what is followed, or else by asking once. */
  async status(signal: AbortSignal): Promise<LabStatus> {
    const followed = this.#run?.status();
    if (followed !== undefined) return followed;
    const { engines, lab, expected } = this.#options;
    const nodes = nodesOf(await engines.look(signal), lab);
    return await labStatus({ lab, nodes, expected, signal });
  }

  /** A band across all plots that begins and ends now. */
  mark(label: string): Span {
    const nowS = this.#options.now() / 1000;
    const span: Span = {
      id: `mark ${this.#journal.place}`,
      kind: "mark",
      label,
      node: "",
      fromS: nowS,
      toS: nowS,
    };
    this.#send({ type: "span", span });
    this.note({ node: "", event: "mark", level: "info", text: `mark: ${label}` });
    return span;
  }

  /** Adds a line to the log of events. */
  note(entry: Omit<LogEntry, "at">): void {
    this.#send({ type: "log", entry: { at: formatUtc(this.#options.now() / 1000, 6), ...entry } });
  }

  async #follow(): Promise<void> {
    clearTimeout(this.#rest);
    await (this.#run ?? this.#start()).heard();
  }

  #restIfAlone(): void {
    if (this.#clients.size + this.#feed.listeners > 0) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#stop(), LINGER_MS).unref();
  }

  #start(): LabRun {
    const run = new LabRun({
      ...this.#options,
      view: this.#view,
      feed: this.#feed,
      send: (message) => this.#send(message),
      note: (entry) => this.note(entry),
    });
    this.#run = run;
    void this.#keepRunning(run);
    return run;
  }

  /** An engine that goes away takes the run along; it is tried again as long as somebody looks. */
  async #keepRunning(run: LabRun): Promise<void> {
    let retry = RETRY_MS;
    const { signal } = run;
    while (!signal.aborted) {
      const begun = performance.now();
      const reason = await run.follow().catch((error: unknown) => reasonOf(error));
      if (signal.aborted) return;
      if (this.#view.trouble !== reason) this.#send({ type: "trouble", text: reason });
      retry = performance.now() - begun > LONGEST_RETRY_MS ? RETRY_MS : Math.min(2 * retry, LONGEST_RETRY_MS);
      await pause(retry, signal).catch(() => undefined);
    }
  }

  #stop(): void {
    this.#run?.close();
    this.#run = undefined;
    // Whoever comes later begins anew: nobody knows what happened meanwhile.
    this.#journal.forget();
    this.#feed.forget();
    this.#view.containers = [];
    this.#view.nodes.clear();
  }

  #send(message: LiveMessage): void {
    this.#take(message);
    const told = this.#journal.record(message);
    for (const client of this.#clients) client.tell(told);
  }

  #take(message: LiveMessage): void {
    this.#view.take(message, performance.now());
  }

  #head(): Pick<Extract<LiveMessage, { type: "lab" }>, "lab" | "expected" | "self" | "version"> {
    const { lab, expected, self, version } = this.#options;
    return { lab, expected: expected ?? null, self, version };
  }

  /** What one needs to know who knows nothing. */
  #everything(): Told[] {
    const { containers, nodes, log, spans, history, trouble } = this.#view;
    const messages: LiveMessage[] = [
      { type: "lab", ...this.#head(), log, spans, history: history.toJSON() },
      { type: "nodes", nodes: containers },
    ];
    for (const [node, { status, atS, gone }] of nodes) {
      messages.push({ type: "status", node, at: formatUtc(atS, 6), status });
      if (gone !== undefined) messages.push({ type: "gone", node, ...gone });
    }
    if (trouble !== null) messages.push({ type: "trouble", text: trouble });
    const { place } = this.#journal;
    return messages.map((message) => ({ id: place, text: JSON.stringify(message) }));
  }
}
