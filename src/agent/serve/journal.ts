import { formatCursor, type Cursor } from "../../core/model/protocol/cursor.ts";
import type { Personal, Recorded, Stamp } from "../../core/model/protocol/event.ts";
import { LineHistory } from "../../core/model/protocol/line-history.ts";
import type { Clock } from "../clock.ts";

export interface JournalOptions {
  readonly node: string;
  readonly role: Stamp["role"];
  /** Names this life of the agent: numbers of another life mean nothing. Lower-case letters and digits. */
  readonly epoch: string;
  readonly clock: Clock;
}

const [MOST_EVENTS, MOST_CHARACTERS] = [4096, 512 * 1024];

/** Numbers and dates what happens, and remembers the last of it as lines. */
export class Journal {
  readonly #options: JournalOptions;
  readonly #history: LineHistory;

  constructor(options: JournalOptions) {
    this.#options = options;
    const { epoch } = options;
    this.#history = new LineHistory({ epoch, most: MOST_EVENTS, mostCharacters: MOST_CHARACTERS });
  }

  get epoch(): string {
    return this.#options.epoch;
  }

  /** The number of the last event. */
  get seq(): number {
    return this.#history.cursor.seq;
  }

  /** Gives an event its number and time, which was `agoMs` before now; the line. */
  record(event: Recorded, agoMs = 0): string {
    return this.#history.record((seq) => this.#line(event, seq, agoMs));
  }

  /** A line for one follower: it has the number of the last event. */
  personal(event: Personal, seq = this.seq): string {
    return this.#line(event, seq);
  }

  /** The lines after that place; undefined when it is of another life, or not all of them are remembered. */
  after(cursor: Cursor): readonly string[] | undefined {
    return this.#history.after(cursor);
  }

  /** The request that goes on after an event. */
  resumption(seq: number): string {
    return `events since=${formatCursor({ epoch: this.epoch, seq })}`;
  }

  #line(event: Recorded | Personal, seq: number, agoMs = 0): string {
    const { clock, node, role } = this.#options;
    const monotonicS = Math.round(clock.monotonicS() * 1e6 - agoMs * 1000) / 1e6;
    const stamp: Stamp = { seq, monotonicS, at: clock.at(agoMs), node, role };
    return `${JSON.stringify({ ...stamp, ...event })}\n`;
  }
}
