import type { AgentEvent } from "../core/status/model.ts";
import { OperationError } from "../core/errors.ts";
import { pause, untilAborted } from "./pause.ts";
import type { EngineReader } from "./ports/engine-reader.ts";

/** A line of `agent all events`: an event of one member, or that its agent is gone. */
type MemberEvent<S> = { readonly member: string } & (AgentEvent<S> | { readonly event: "gone" });

export interface MemberStream<S> {
  readonly signal: AbortSignal;
  readonly onStatus: (status: S) => void;
  /** What was heard does not count any more: the agent went, or who told of it. */
  readonly onGone: () => void;
  /** What the engine says instead of running the command. */
  readonly onComplaint: (text: string) => void;
}

/** How long a member may take to tell the first line; three times as long for the next one, so that a slow engine is not asked to death. */
const FIRST_LINE_MS = 15_000;
const LONGEST_FIRST_LINE_MS = 120_000;
const RETRY_MS = 200;
const LONGEST_RETRY_MS = 3000;

/** The events of all members of a lab by one exec, in whichever of them runs; members come and go meanwhile. */
export class LabEvents<S> {
  readonly #reader: EngineReader;
  readonly #signal: AbortSignal;
  readonly #closed = new AbortController();
  readonly #failed = new AbortController();
  readonly #hubs: string[] = [];
  readonly #followers = new Map<string, MemberStream<S>>();
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

  /** Hands over a member's status, the last one known at once and every later one, until the signal fires; rejects then, and when the engine fails. */
  async follow(
    member: { readonly name: string; readonly containerName: string },
    stream: MemberStream<S>,
  ): Promise<never> {
    if (!this.#hubs.includes(member.containerName)) this.#hubs.push(member.containerName);
    this.#followers.set(member.name, stream);
    const known = this.#known.get(member.name);
    if (known !== undefined) stream.onStatus(known);
    if (!this.#streaming) void this.#keepStreaming();
    try {
      return await untilAborted(AbortSignal.any([stream.signal, this.#signal, this.#failed.signal]));
    } finally {
      this.#followers.delete(member.name);
    }
  }

  close(): void {
    this.#closed.abort();
  }

  /** One stream after the other, each in the next member; never two at once. */
  async #keepStreaming(): Promise<void> {
    this.#streaming = true;
    let [patience, retry] = [FIRST_LINE_MS, RETRY_MS];
    try {
      for (let turn = 0; ; turn++) {
        const heard = await this.#stream(this.#hubs[turn % this.#hubs.length] ?? "", patience);
        this.#known.clear();
        for (const { onGone } of this.#followers.values()) onGone();
        patience = heard ? FIRST_LINE_MS : Math.min(3 * patience, LONGEST_FIRST_LINE_MS);
        retry = heard ? RETRY_MS : Math.min(2 * retry, LONGEST_RETRY_MS);
        await pause(retry, this.#signal);
      }
    } catch (error) {
      this.#failed.abort(error);
    }
  }

  /** One stream, to its end; whether it said anything. Given up when it says nothing for so long. */
  async #stream(hub: string, patienceMs: number): Promise<boolean> {
    let heard = false;
    const silent = new AbortController();
    const timer = setTimeout(() => silent.abort(), patienceMs);
    try {
      await this.#reader.execLines(hub, ["agent", "all", "events", "attached"], {
        signal: AbortSignal.any([this.#signal, silent.signal]),
        onLine: (line) => {
          clearTimeout(timer);
          heard = true;
          this.#take(line);
        },
        onErrorLine: () => {},
      });
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!silent.signal.aborted && !isRefusal(error)) throw error;
    } finally {
      clearTimeout(timer);
    }
    return heard;
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
      this.#followers.get(member)?.onGone();
    } else if (event.event !== "log") {
      this.#known.set(member, event.status);
      this.#followers.get(member)?.onStatus(event.status);
    }
  }
}

/** An exec in a container that is just restarting is refused; anything else is the engine's failure. */
export function isRefusal(error: unknown): boolean {
  return error instanceof OperationError && error.code === "MHLAB_ENGINE";
}

function parse<S>(line: string): MemberEvent<S> | { error: string } | undefined {
  try {
    return JSON.parse(line) as MemberEvent<S> | { error: string };
  } catch {
    return undefined;
  }
}
