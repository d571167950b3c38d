import { FOREIGN } from "../../core/model/protocol/answer.ts";
import type { Cursor } from "../../core/model/protocol/cursor.ts";
import type { Heard, NodeEvent, NodeLine } from "../../core/model/protocol/event.ts";
import { Story } from "../../core/model/protocol/story.ts";
import { statusOfKind, type NodeStatus } from "../../core/model/status/model.ts";
import { LONGEST_SILENCE_MS } from "./follow.ts";

export interface Listener {
  /** Each line once, in order, before the status that it makes: a snapshot, and every numbered event after it. */
  onTold?(event: NodeEvent): void;
  onStatus(status: NodeStatus): void;
  /** What was heard does not count any more: the agent went, or who told of it; last heard so many milliseconds ago. */
  onGone(silentMs: number): void;
  /** Why nothing can be heard: the engine's words instead of the agent's, or an agent of another protocol. */
  onComplaint(text: string): void;
}

/** What is known of a node, and who wants to know it. */
export class Known {
  readonly listeners = new Set<Listener>();
  readonly #story: Story;
  #live = false;
  #doubted = false;
  /** When it was last heard, by our own clock. */
  #heardMs = 0;

  /** `since`: the event that it is gone on from. */
  constructor(since?: Cursor) {
    this.#story = new Story(since);
  }

  /** Whether somebody tells of it now. */
  get live(): boolean {
    return this.#live;
  }

  /** Where a stream of it goes on; undefined when it has to begin with a snapshot. */
  get cursor(): Cursor | undefined {
    return this.#story.cursor;
  }

  /** Its last status; undefined while nobody tells of it. */
  get status(): NodeStatus | undefined {
    return this.#live ? this.#story.status : undefined;
  }

  /** The same; undefined when events of another form have made it none. */
  get statusNow(): NodeStatus | undefined {
    return this.status === undefined ? undefined : statusOfKind(this.status.role, this.status);
  }

  /** Whether somebody else spoke in its name. */
  get doubted(): boolean {
    return this.#doubted;
  }

  /** Notes that somebody else spoke in its name: from now on it is asked itself. */
  doubt(): void {
    if (this.#doubted) return;
    this.#doubted = true;
    for (const one of this.listeners) one.onComplaint("another node of the lab speaks in its name");
  }

  /** Takes a line; false when one is missing before it: what is known is worth nothing until the next snapshot. */
  take(heard: Heard): boolean {
    if (heard.kind === "cut") return true;
    if (heard.kind !== "event") {
      for (const one of this.listeners) one.onComplaint(complaintOf(heard));
      return true;
    }
    const { event } = heard;
    if (event.event === "gone") {
      this.lose();
      return true;
    }
    const before = this.#story.cursor;
    const outcome = this.#outcome(event);
    if (outcome === "gap") {
      this.#story.forget();
      this.lose();
      return false;
    }
    this.#heardMs = performance.now();
    const { status, cursor } = this.#story;
    // A line may come by several ways.
    const isNews = event.event === "snapshot" ? outcome === "status" : cursor?.seq !== before?.seq;
    if (isNews && cursor !== undefined)
      for (const one of this.listeners) one.onTold?.({ ...event, epoch: cursor.epoch });
    if (cursor === undefined || (outcome === "nothing" && this.#live)) return true;
    this.#live = true;
    if (status === undefined) return true;
    for (const one of this.listeners) one.onStatus(status);
    return true;
  }

  /** Adds one who is told from now on: what is known first, as a snapshot. */
  listen(listener: Listener): void {
    this.listeners.add(listener);
    const { snapshot, status } = this.#story;
    if (!this.#live || snapshot === undefined || status === undefined) return;
    listener.onTold?.(snapshot);
    listener.onStatus(status);
  }

  /** An event that cannot be applied, because it is of another form, is as good as none. */
  #outcome(event: NodeLine): ReturnType<Story["take"]> {
    try {
      return this.#story.take(event);
    } catch (error) {
      if (error instanceof TypeError) return "gap";
      throw error;
    }
  }

  /** Loses it when it has said nothing for too long. */
  expire(): void {
    const silentMs = performance.now() - this.#heardMs;
    if (silentMs > LONGEST_SILENCE_MS) this.lose(silentMs);
  }

  lose(silentMs = 0): void {
    if (!this.#live) return;
    this.#live = false;
    for (const one of this.listeners) one.onGone(silentMs);
  }
}

function complaintOf(heard: Extract<Heard, { kind: "foreign" | "noise" | "failure" }>): string {
  if (heard.kind === "noise") return heard.line;
  return heard.kind === "failure" ? heard.failure.error : FOREIGN;
}
