import { reasonOf } from "../../core/model/errors.ts";
import type { LiveMessage, LogEntry, Span } from "../../core/judge/live/message.ts";
import { LiveView } from "../../core/judge/live/view.ts";
import type { ExpectedNodes } from "../../core/render/nodes/node.ts";
import type { LabStatus } from "../../core/model/status/model.ts";
import { formatCursor, parseCursor } from "../../core/model/protocol/cursor.ts";
import { LineHistory } from "../../core/model/protocol/line-history.ts";
import { formatUtc } from "../../core/model/utc.ts";
import { enginesOf, nodesOf, type Engines } from "../agents/engines.ts";
import { pause } from "../ports/time.ts";
import { labStatus } from "../status.ts";
import { LabRun } from "./run.ts";

/** So long the lab is followed after the last who looked has gone: a page that is loaded anew finds all of it. */
const LINGER_MS = 15_000;
/** What is remembered for those who come back. */
const [MOST_MESSAGES, MOST_CHARACTERS] = [5000, 4 * 1024 * 1024];
const [RETRY_MS, LONGEST_RETRY_MS] = [500, 5000];

export interface CollectorOptions {
  readonly engines: Engines;
  readonly lab: string;
  readonly expected?: ExpectedNodes | undefined;
  /** How the user calls mhlab. */
  readonly self: string;
  readonly version: string;
  /** Names this run. Lower-case letters and digits. */
  readonly epoch: string;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Client {
  /** A message, and the place to go on from after it. */
  tell(message: { readonly id: string; readonly text: string }): void;
}

/**
 * All that is known of a lab, for everyone who looks: pages, scrapers, the API. Followed by the events of its agents, by one
 * stream per engine; while nobody looks, nothing is followed.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #view = new LiveView();
  readonly #past: LineHistory;
  readonly #clients = new Set<Client>();
  readonly #listeners = new Set<(line: object) => void>();
  #run: LabRun | undefined;
  #rest: NodeJS.Timeout | undefined;

  constructor(options: CollectorOptions) {
    this.#options = options;
    const { epoch } = options;
    this.#past = new LineHistory({ epoch, most: MOST_MESSAGES, mostCharacters: MOST_CHARACTERS });
    this.#take(this.#head());
    options.signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  get lab(): string {
    return this.#options.lab;
  }

  /** Adds one who looks: what he missed since a place, or everything, then every message; the call that he goes. */
  async open(since: string | undefined, client: Client): Promise<() => void> {
    await this.#follow();
    const cursor = parseCursor(since ?? "");
    const missed = cursor === undefined ? undefined : this.#past.after(cursor);
    const { epoch, seq } = this.#past.cursor;
    for (const [index, text] of (missed ?? []).entries())
      client.tell({ id: formatCursor({ epoch, seq: (cursor?.seq ?? 0) + index + 1 }), text });
    if (missed === undefined)
      for (const message of this.#everything())
        client.tell({ id: formatCursor({ epoch, seq }), text: JSON.stringify(message) });
    this.#clients.add(client);
    return () => {
      if (this.#clients.delete(client)) this.#restIfAlone();
    };
  }

  /** Adds one who listens to the events themselves, as `mhlab events --json` has them: what is now, then what comes; the call that he goes. */
  async events(listener: (line: object) => void): Promise<() => void> {
    await this.#follow();
    for (const { story, gone } of this.#view.nodes.values())
      if (gone === undefined && story.snapshot !== undefined) listener(story.snapshot);
    this.#listeners.add(listener);
    return () => {
      if (this.#listeners.delete(listener)) this.#restIfAlone();
    };
  }

  /** The lab's status as `mhlab status` tells it: of what is followed, or else by asking once. */
  async status(signal: AbortSignal): Promise<LabStatus> {
    const followed = this.#run?.status();
    if (followed !== undefined) return followed;
    const { engines, lab, expected } = this.#options;
    const seen = await engines.look(signal);
    const there = { nodes: nodesOf(seen, lab), engines: enginesOf(seen, lab) };
    return await labStatus({ lab, ...there, expected, signal });
  }

  /** A band across all plots that begins and ends now. */
  mark(label: string): Span {
    const nowS = this.#options.now() / 1000;
    const span: Span = {
      id: `mark ${formatCursor(this.#past.cursor)}`,
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
    if (this.#clients.size + this.#listeners.size > 0) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#stop(), LINGER_MS).unref();
  }

  #start(): LabRun {
    const run = new LabRun({
      ...this.#options,
      view: this.#view,
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
    this.#past.forget();
    this.#view.containers = [];
    this.#view.nodes.clear();
  }

  #send(message: LiveMessage): void {
    this.#take(message);
    const text = this.#past.record(() => JSON.stringify(message));
    const id = formatCursor(this.#past.cursor);
    for (const client of this.#clients) client.tell({ id, text });
    const line = this.#lineOf(message);
    if (line !== undefined) for (const listener of this.#listeners) listener(line);
  }

  #take(message: LiveMessage): void {
    this.#view.take(message, performance.now());
  }

  /** A message as a line of `mhlab events --json`; undefined when it is none of a node. */
  #lineOf(message: LiveMessage): object | undefined {
    if (message.type === "event") return message.event;
    if (message.type !== "gone") return undefined;
    const role = this.#view.statusOf(message.node)?.role;
    return { at: formatUtc(this.#options.now() / 1000, 6), node: message.node, role, event: "gone" };
  }

  #head(): LiveMessage {
    const { lab, expected, self, version } = this.#options;
    return { type: "lab", lab, expected: expected ?? null, self, version };
  }

  /** What one needs to know who knows nothing. */
  #everything(): LiveMessage[] {
    const { containers, engines, nodes, log, spans, history, trouble } = this.#view;
    const messages: LiveMessage[] = [this.#head(), { type: "nodes", nodes: containers, engines }];
    for (const [node, { story, gone }] of nodes) {
      if (story.snapshot !== undefined) messages.push({ type: "event", event: story.snapshot });
      if (gone !== undefined) messages.push({ type: "gone", node, ...gone });
    }
    messages.push({ type: "past", log, spans, history: history.toJSON() });
    if (trouble !== null) messages.push({ type: "trouble", text: trouble });
    return messages;
  }
}
