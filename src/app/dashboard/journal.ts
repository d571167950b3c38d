/** A message as clients get it: its place, and its text, which is made once for all of them. */
export interface Told {
  readonly id: string;
  readonly text: string;
}

const MOST_MESSAGES = 5000;
const MOST_BYTES = 4 * 1024 * 1024;

/** Numbers messages and remembers the last of them, so that a client goes on after a break. */
export class MessageJournal {
  /** Numbers of another run of the server mean nothing. */
  readonly #epoch: string;
  #messages: string[] = [];
  #bytes = 0;
  #last = 0;

  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  /** Where the next message goes on. */
  get place(): string {
    return this.#idOf(this.#last);
  }

  record(message: object): Told {
    const text = JSON.stringify(message);
    this.#last += 1;
    this.#messages.push(text);
    this.#bytes += text.length;
    while (this.#messages.length > MOST_MESSAGES || (this.#bytes > MOST_BYTES && this.#messages.length > 1))
      this.#bytes -= this.#messages.shift()?.length ?? 0;
    return { id: this.place, text };
  }

  /** Nobody can go on from before this. */
  forget(): void {
    this.#messages = [];
    this.#bytes = 0;
    this.#last += 1;
  }

  /** What came after a place; undefined when it is of another run, or not all of it is remembered. */
  after(id: string): readonly Told[] | undefined {
    const [epoch, number] = id.split("-");
    const missing = this.#last - Number(number);
    if (epoch !== this.#epoch || !(missing >= 0 && missing <= this.#messages.length)) return undefined;
    const begin = this.#messages.length - missing;
    return this.#messages
      .slice(begin)
      .map((text, index) => ({ id: this.#idOf(this.#last - missing + index + 1), text }));
  }

  #idOf(number: number): string {
    return `${this.#epoch}-${number}`;
  }
}
