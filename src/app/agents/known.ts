import { FOREIGN } from "../../core/protocol/answer.ts";
import type { Cursor } from "../../core/protocol/cursor.ts";
import type { Heard } from "../../core/protocol/event.ts";
import { recount } from "../../core/protocol/recount.ts";
import { Story } from "../../core/protocol/story.ts";
import type { MemberStatus } from "../../core/status/model.ts";
import { statusOfKind } from "../../core/status/read.ts";
import { LONGEST_SILENCE_MS } from "./follow.ts";

export interface Listener {
  onStatus(status: MemberStatus): void;
  /** What was heard does not count any more: the agent went, or who told of it. */
  onGone(): void;
  /** Why nothing can be heard: the engine's words instead of the agent's, or an agent of another protocol. */
  onComplaint(text: string): void;
}

/** What is known of a member, and who wants to know it. */
export class Known {
  readonly listeners = new Set<Listener>();
  readonly #story = new Story();
  #live = false;
  /** When it was last heard, by our own clock. */
  #heardMs = 0;

  /** Whether somebody tells of it now. */
  get live(): boolean {
    return this.#live;
  }

  /** Where a stream of it goes on; undefined before a snapshot. */
  get cursor(): Cursor | undefined {
    return this.#story.cursor;
  }

  /** Its last status; undefined while nobody tells of it. */
  get status(): MemberStatus | undefined {
    return this.#live ? this.#story.status : undefined;
  }

  /** The same, with all that counts as it is now. Events that were of another form have made it none. */
  get statusNow(): MemberStatus | undefined {
    const status = this.status === undefined ? undefined : statusOfKind(this.status.role, this.status);
    const passedS = (performance.now() - this.#heardMs) / 1000;
    return status === undefined ? undefined : recount(status, this.#story.atS + passedS);
  }

  /** Takes a line; false when one is missing before it: what is known is worth nothing until the next snapshot. */
  take(heard: Heard): boolean {
    if (heard.kind === "cut") return true;
    if (heard.kind !== "event" && heard.kind !== "snapshot") {
      for (const one of this.listeners) one.onComplaint(complaintOf(heard));
      return true;
    }
    if (heard.event.event === "gone") {
      this.lose();
      return true;
    }
    const outcome = this.#outcome(heard);
    if (outcome === "gap") {
      this.#story.forget();
      this.lose();
      return false;
    }
    this.#heardMs = performance.now();
    const { status } = this.#story;
    if (status === undefined || (outcome === "nothing" && this.#live)) return true;
    this.#live = true;
    for (const one of this.listeners) one.onStatus(status);
    return true;
  }

  /** An event that cannot be applied, because it is of another form, is as good as none. */
  #outcome(heard: Parameters<Story["take"]>[0]): ReturnType<Story["take"]> {
    try {
      return this.#story.take(heard);
    } catch (error) {
      if (error instanceof TypeError) return "gap";
      throw error;
    }
  }

  /** Loses it when it has said nothing for too long. */
  expire(): void {
    if (performance.now() - this.#heardMs > LONGEST_SILENCE_MS) this.lose();
  }

  lose(): void {
    if (!this.#live) return;
    this.#live = false;
    for (const one of this.listeners) one.onGone();
  }
}

function complaintOf(heard: Extract<Heard, { kind: "foreign" | "noise" | "failure" }>): string {
  if (heard.kind === "noise") return heard.line;
  return heard.kind === "failure" ? heard.failure.error : FOREIGN;
}
