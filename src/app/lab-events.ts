import type { AgentEvent } from "../core/status/model.ts";
import { OperationError } from "../core/errors.ts";
import type { EngineReader } from "./ports.ts";

/** A line of `agent all events`: an event of one member, or that its agent is gone. */
type MemberEvent<S> = { readonly member: string } & (AgentEvent<S> | { readonly event: "gone" });

interface Follower<S> {
  readonly onStatus: (status: S) => void;
  readonly onComplaint: (text: string) => void;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
}

export interface MemberStream<S> {
  readonly signal: AbortSignal;
  readonly onStatus: (status: S) => void;
  /** What the engine says instead of running the command. */
  readonly onComplaint: (text: string) => void;
}

const RETRY_MS = 200;

/** The events of all members of a lab by one exec, in whichever of them runs; members come and go meanwhile. */
export class LabEvents<S> {
  readonly #reader: EngineReader;
  readonly #signal: AbortSignal;
  readonly #closed = new AbortController();
  readonly #hubs: string[] = [];
  readonly #followers = new Map<string, Follower<S>>();
  readonly #known = new Map<string, S>();
  #streaming = false;
  #supported = true;

  constructor(reader: EngineReader, signal: AbortSignal) {
    this.#reader = reader;
    this.#signal = AbortSignal.any([signal, this.#closed.signal]);
  }

  /** False when the agents' image is too old to answer for others. */
  get supported(): boolean {
    return this.#supported;
  }

  /**
   * Hands over a member's status, the last one known at once and every later one. Resolves when its agent goes or the
   * signal fires; another follow comes when it wants.
   */
  async follow(
    member: { readonly name: string; readonly containerName: string },
    { signal, onStatus, onComplaint }: MemberStream<S>,
  ): Promise<void> {
    if (!this.#hubs.includes(member.containerName)) this.#hubs.push(member.containerName);
    const ended = new Promise<void>((resolve, reject) => {
      this.#followers.set(member.name, { onStatus, onComplaint, end: resolve, fail: reject });
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const known = this.#known.get(member.name);
    if (known !== undefined) onStatus(known);
    void this.#stream();
    try {
      if (!signal.aborted) await ended;
    } finally {
      this.#followers.delete(member.name);
    }
    this.#signal.throwIfAborted();
  }

  close(): void {
    this.#closed.abort();
  }

  async #stream(): Promise<void> {
    if (this.#streaming || this.#signal.aborted) return;
    this.#streaming = true;
    const hub = this.#hubs[0] ?? "";
    try {
      await this.#reader.execLines(hub, ["agent", "all", "events", "attached"], {
        signal: this.#signal,
        onLine: (line) => this.#take(line),
        onErrorLine: () => {},
      });
    } catch (error) {
      // An exec in a container that is just restarting is refused; anything else is the engine's failure.
      if (!(error instanceof OperationError && error.code === "MHLAB_ENGINE")) this.#end(error);
    }
    this.#streaming = false;
    this.#known.clear();
    // The next to ask is another one, if there is one.
    this.#hubs.push(...this.#hubs.splice(0, 1));
    if (!this.#signal.aborted) setTimeout(() => this.#end(), RETRY_MS);
    else this.#end();
  }

  #end(error?: unknown): void {
    for (const { end, fail } of this.#followers.values()) {
      if (error === undefined) end();
      else fail(error);
    }
  }

  #take(line: string): void {
    const event = parse<S>(line);
    if (event === undefined) {
      for (const { onComplaint } of this.#followers.values()) onComplaint(line);
      return;
    }
    if ("error" in event) {
      this.#supported = false;
      return;
    }
    const { member } = event;
    if (event.event === "gone") {
      this.#known.delete(member);
      this.#followers.get(member)?.end();
    } else if (event.event !== "log") {
      this.#known.set(member, event.status);
      this.#followers.get(member)?.onStatus(event.status);
    }
  }
}

function parse<S>(line: string): MemberEvent<S> | { error: string } | undefined {
  try {
    return JSON.parse(line) as MemberEvent<S> | { error: string };
  } catch {
    return undefined;
  }
}
