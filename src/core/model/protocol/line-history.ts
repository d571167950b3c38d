import type { Cursor } from "./cursor.ts";

export interface LineHistoryOptions {
  /** Names this life of whoever numbers the lines: numbers of another life mean nothing. Lower-case letters and digits. */
  readonly epoch: string;
  /** Lines that are remembered. */
  readonly most: number;
  /** Characters that they have together. */
  readonly mostCharacters: number;
}

/** Numbers lines and remembers the last of them, so that whoever was away goes on where he was. */
export class LineHistory {
  readonly #options: LineHistoryOptions;
  /** Without gaps; the last one has the number `#seq`. */
  #lines: string[] = [];
  #characters = 0;
  #seq = 0;

  constructor(options: LineHistoryOptions) {
    this.#options = options;
  }

  /** The place of the last line. */
  get cursor(): Cursor {
    return { epoch: this.#options.epoch, seq: this.#seq };
  }

  /** Adds the line with the next number. */
  record(lineOf: (seq: number) => string): string {
    this.#seq += 1;
    const line = lineOf(this.#seq);
    this.#lines.push(line);
    this.#characters += line.length;
    const { most, mostCharacters } = this.#options;
    let forgotten = 0;
    while (this.#lines.length - forgotten > most || this.#characters > mostCharacters) {
      this.#characters -= this.#lines[forgotten]?.length ?? 0;
      forgotten += 1;
    }
    if (forgotten > 0) this.#lines = this.#lines.slice(forgotten);
    return line;
  }

  /** The lines after that place; undefined when it is of another life, or not all of them are remembered. */
  after({ epoch, seq }: Cursor): readonly string[] | undefined {
    const missing = this.#seq - seq;
    if (epoch !== this.#options.epoch || missing < 0 || missing > this.#lines.length) return undefined;
    return missing === 0 ? [] : this.#lines.slice(-missing);
  }

  /** Nobody can go on from before this. */
  forget(): void {
    this.#lines = [];
    this.#characters = 0;
    this.#seq += 1;
  }
}
