import type { NodeStatus } from "../status/model.ts";
import { parseUtc } from "../utc.ts";
import { applyChange } from "./apply.ts";
import type { Cursor } from "./cursor.ts";
import type { Heard } from "./event.ts";

/** A line that is about one node's story. */
export type Told = Extract<Heard, { kind: "event" | "snapshot" }>;

/** A node's status, rebuilt from its events. An event that was heard already, by another way, changes nothing. */
export class Story {
  #epoch = "";
  #seq = 0;
  /** With the changes of a look that is not told to its end. */
  #draft: NodeStatus | undefined;
  #status: NodeStatus | undefined;
  #atS = 0;

  /** As it was at the last look; undefined before a snapshot. */
  get status(): NodeStatus | undefined {
    return this.#status;
  }

  /** When the last event was, in seconds since 1970 by the agent's clock. */
  get atS(): number {
    return this.#atS;
  }

  /** The last event heard, to go on from. */
  get cursor(): Cursor | undefined {
    return this.#status === undefined ? undefined : { epoch: this.#epoch, seq: this.#seq };
  }

  /** `status`: there is one, and it is whole; `gap`: an event is missing, so that only a snapshot helps. */
  take(heard: Told): "status" | "gap" | "nothing" {
    const { event } = heard;
    if (heard.kind === "snapshot") return this.#begin(heard);
    if (event.event === "resumed") {
      if (event.epoch !== this.#epoch || this.#status === undefined) return "gap";
      return event.seq > this.#seq ? "gap" : "status";
    }
    if (this.#draft === undefined || event.event === "gone") return "nothing";
    if (event.event === "alive") return event.seq > this.#seq ? "gap" : "nothing";
    if (event.seq <= this.#seq) return "nothing";
    if (event.seq !== this.#seq + 1) return "gap";
    this.#seq = event.seq;
    this.#atS = parseUtc(event.at) ?? this.#atS;
    if (event.event === "log") return "nothing";
    this.#draft = applyChange(this.#draft, event);
    if ("more" in event) return "nothing";
    this.#status = this.#draft;
    return "status";
  }

  forget(): void {
    this.#draft = undefined;
    this.#status = undefined;
  }

  #begin({ event, status }: Extract<Told, { kind: "snapshot" }>): "status" | "nothing" {
    if (this.#status !== undefined && event.epoch === this.#epoch && event.seq < this.#seq) return "nothing";
    this.#epoch = event.epoch;
    this.#seq = event.seq;
    this.#atS = parseUtc(event.at) ?? this.#atS;
    this.#draft = status;
    this.#status = status;
    return "status";
  }
}
