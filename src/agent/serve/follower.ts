import type { Socket } from "node:net";
import type { Signer } from "../../core/model/protocol/proof.ts";

/** So many bytes may wait for one who does not read, unless it is said otherwise. */
const MOST_UNSENT = 256 * 1024;
/** How long the last words may wait to be read. */
const LAST_WORDS_MS = 5000;

interface FollowerOptions {
  readonly attached: boolean;
  readonly lastWords: () => string;
  /** Bytes that may wait for him. */
  readonly most?: number;
  /** Signs every line. */
  readonly signer?: Signer | undefined;
}

/** Somebody who is told lines until he leaves, or does not read any more: what waits for him is memory of ours. */
export class Follower {
  readonly #socket: Socket;
  readonly #lastWords: () => string;
  readonly #most: number;
  readonly #signer: Signer | undefined;
  #allowed: number;
  #gone = false;

  /** `lastWords` is what one is told who is cut off. An `attached` follower leaves by closing his side. */
  constructor(socket: Socket, { attached, lastWords, most = MOST_UNSENT, signer }: FollowerOptions) {
    this.#socket = socket;
    this.#most = this.#allowed = most;
    this.#lastWords = lastWords;
    this.#signer = signer;
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
    if (this.#write(text)) this.#allowed = this.#most;
    else this.#socket.once("drain", () => (this.#allowed = this.#most));
  }

  /** Cuts him off when too much waits already; whether he was told. */
  tell(line: string): boolean {
    if (this.#gone) return false;
    if (this.#socket.writableLength <= this.#allowed) {
      this.#write(line);
      return true;
    }
    this.end(this.#lastWords());
    return false;
  }

  end(line = ""): void {
    if (this.#gone) return;
    this.#gone = true;
    // Nothing is written to who left.
    if (line !== "") this.#write(line);
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), LAST_WORDS_MS).unref();
  }

  #write(lines: string): boolean {
    const signer = this.#signer;
    if (signer === undefined) return this.#socket.write(lines);
    return this.#socket.write(lines.replaceAll(/[^\n]+/gu, (line) => signer.sign(line)));
  }

  destroy(): void {
    this.#gone = true;
    this.#socket.destroy();
  }
}
