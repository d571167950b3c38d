import type { Socket } from "node:net";

/** So many bytes may wait for one who does not read, unless it is said otherwise. */
const MOST_UNSENT = 256 * 1024;
/** How long the last words may wait to be read. */
const LAST_WORDS_MS = 5000;

interface FollowerOptions {
  readonly attached: boolean;
  readonly lastWords: () => string;
  /** Bytes that may wait for him. */
  readonly most?: number;
}

/** Somebody who is told lines until he leaves, or does not read any more: what waits for him is memory of ours. */
export class Follower {
  readonly #socket: Socket;
  readonly #lastWords: () => string;
  readonly #most: number;
  #allowed: number;
  #gone = false;

  /** `lastWords` is what one is told who is cut off. An `attached` follower leaves by closing his side. */
  constructor(socket: Socket, { attached, lastWords, most = MOST_UNSENT }: FollowerOptions) {
    this.#socket = socket;
    this.#most = this.#allowed = most;
    this.#lastWords = lastWords;
    socket.once("close", () => (this.#gone = true));
    if (!attached) return;
    if (socket.readableEnded) this.end();
    else socket.once("end", () => this.end());
  }

  get gone(): boolean {
    return this.#gone;
  }

  onGone(callback: () => void): void {
    this.#socket.once("close", callback);
  }

  /** What he starts from, however long it is; it does not count as long as it is not read. */
  begin(text: string): void {
    if (this.#gone) return;
    this.#allowed = this.#most + Buffer.byteLength(text);
    if (this.#socket.write(text)) this.#allowed = this.#most;
    else this.#socket.once("drain", () => (this.#allowed = this.#most));
  }

  /** Cuts him off when too much waits already; whether he was told. */
  tell(line: string): boolean {
    if (this.#gone) return false;
    if (this.#socket.writableLength <= this.#allowed) {
      this.#socket.write(line);
      return true;
    }
    this.end(this.#lastWords());
    return false;
  }

  end(line = ""): void {
    if (this.#gone) return;
    this.#gone = true;
    // Nothing is written to who left.
    if (line !== "") this.#socket.write(line);
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), LAST_WORDS_MS).unref();
  }

  destroy(): void {
    this.#gone = true;
    this.#socket.destroy();
  }
}
