import { formatCursor, type Cursor } from "../../core/model/protocol/cursor.ts";
import type { Personal, Recorded, Stamp } from "../../core/model/protocol/event.ts";
import type { Clock } from "../clock.ts";

export interface JournalOptions {
  readonly node: string;
  readonly role: Stamp["role"];
  /** Names this life of the agent: numbers of another life mean nothing. Lower-case letters and digits. */
  readonly epoch: string;
  readonly clock: Clock;
}

const MOST_EVENTS = 4096;
const MOST_BYTES = 512 * 1024;

/** Numbers and dates what happens, and remembers the last of it as lines: so many, and so many bytes. */
export class Journal {
  readonly #options: JournalOptions;
  /** The lines of the last events, without gaps; the last one has the number `#seq`. */
  #lines: string[] = [];
  #bytes = 0;
  #seq = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  get epoch(): string {
    return this.#options.epoch;
  }

  /** The number of the last event. */
  get seq(): number {
    return this.#seq;
  }

  /** Gives an event its number and time, which was `agoMs` before now; the line. */
  record(event: Recorded, agoMs = 0): string {
    this.#seq += 1;
    const line = this.#line(event, this.#seq, agoMs);
    this.#lines.push(line);
    this.#bytes += line.length;
    let forgotten = 0;
    while (this.#lines.length - forgotten > MOST_EVENTS || this.#bytes > MOST_BYTES) {
      this.#bytes -= this.#lines[forgotten]?.length ?? 0;
      forgotten += 1;
    }
    if (forgotten > 0) this.#lines = this.#lines.slice(forgotten);
    return line;
  }

  /** A line for one follower: it has the number of the last event. */
  personal(event: Personal, seq = this.#seq): string {
    return this.#line(event, seq);
  }

  /** The lines after that place; undefined when it is of another life, or not all of them are remembered. */
  after({ epoch, seq }: Cursor): readonly string[] | undefined {
    const missing = this.#seq - seq;
    if (epoch !== this.epoch || missing < 0 || missing > this.#lines.length) return undefined;
    return missing === 0 ? [] : this.#lines.slice(-missing);
  }

  /** The request that goes on after an event. */
  resumption(seq: number): string {
    return `events since=${formatCursor({ epoch: this.epoch, seq })}`;
  }

  #line(event: Recorded | Personal, seq = this.#seq, agoMs = 0): string {
    const { clock, node, role } = this.#options;
    const monotonicS = Math.round(clock.monotonicS() * 1e6 - agoMs * 1000) / 1e6;
    const stamp: Stamp = { seq, monotonicS, at: clock.at(agoMs), node, role };
    return `${JSON.stringify({ ...stamp, ...event })}\n`;
  }
}
