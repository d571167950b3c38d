import { SHAPES, type NodeStatus } from "../status/model.ts";
import { PROTOCOL } from "./answer.ts";
import type { Cursor } from "./cursor.ts";
import type { NodeEvent, NodeLine, Stamp } from "./event.ts";
import { applyPatch } from "./patch.ts";

/** A node's status, rebuilt from its events. An event that was heard already, by another way, changes nothing. */
export class Story {
  #cursor: Cursor | undefined;
  #status: NodeStatus | undefined;
  /** Of the last event. */
  #stamp: Stamp | undefined;

  /** `since`: the event that it is gone on from; until a snapshot its status is not known then. */
  constructor(since?: Cursor) {
    this.#cursor = since;
  }

  /** As it was at the last look; undefined before a snapshot. */
  get status(): NodeStatus | undefined {
    return this.#status;
  }

  /** The last event heard, to go on from. */
  get cursor(): Cursor | undefined {
    return this.#cursor;
  }

  /** What somebody who begins to listen has to hear first; undefined before a snapshot. */
  get snapshot(): NodeEvent | undefined {
    const [status, cursor] = [this.#status, this.#cursor];
    if (this.#stamp === undefined || cursor === undefined || status === undefined) return undefined;
    const { monotonicS, at, node, role } = this.#stamp;
    const stamp = { seq: cursor.seq, monotonicS, at, node, role };
    return { ...stamp, event: "snapshot", epoch: cursor.epoch, status: { protocol: PROTOCOL, ...status } };
  }

  /** `status`: there is one; `gap`: an event is missing, so that only a snapshot helps. */
  take(event: NodeLine): "status" | "gap" | "nothing" {
    if (event.event === "snapshot") return this.#begin(event);
    const cursor = this.#cursor;
    if (event.event === "resumed") {
      if (event.epoch !== cursor?.epoch) return "gap";
      return event.seq > cursor.seq ? "gap" : "status";
    }
    if (cursor === undefined || event.event === "gone") return "nothing";
    if (event.event === "alive") return event.seq > cursor.seq ? "gap" : "nothing";
    if (event.seq <= cursor.seq) return "nothing";
    if (event.seq !== cursor.seq + 1) return "gap";
    this.#cursor = { epoch: cursor.epoch, seq: event.seq };
    this.#stamp = event;
    if (event.event !== "patch" || this.#status === undefined) return "nothing";
    this.#status = applyPatch(SHAPES[this.#status.role], this.#status, event.patch);
    return "status";
  }

  forget(): void {
    this.#cursor = undefined;
    this.#status = undefined;
  }

  #begin(event: Extract<NodeLine, { event: "snapshot" }>): "status" | "nothing" {
    const { epoch, seq } = event;
    if (this.#status !== undefined && epoch === this.#cursor?.epoch && seq < this.#cursor.seq)
      return "nothing";
    const { protocol: _, ...status } = event.status;
    this.#cursor = { epoch, seq };
    this.#stamp = event;
    this.#status = status;
    return "status";
  }
}
