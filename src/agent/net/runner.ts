import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { getSystemErrorName } from "node:util";

/** Of images/runner, which says how it is talked to. */
const RUNNER = "/usr/local/lib/mhlab/runner";
const WORD = 4;
const SIGNALLED = 256;

/** How a program ended; no code when it was killed, or could not be started, of which the complaint tells. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Request {
  readonly argv: readonly string[];
  readonly input: string | undefined;
  readonly timeoutMs: number;
}

/** Both ends of its one life. */
interface Life {
  readonly requests: Socket;
  readonly replies: Socket;
}

interface Waiting {
  readonly program: string;
  readonly resolve: (outcome: Outcome) => void;
}

/**
 * Programs started by a small one that stays: Node itself forks with all of its memory, copies each page that it writes to
 * afterwards, and makes three sockets for a program, which is more than most of them do.
 */
export class Runner {
  #life: Life | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  /** Of a reply that is not whole yet. */
  #heard: Buffer[] = [];
  #length = 0;
  readonly #path: string;

  constructor(path: string = RUNNER) {
    this.#path = path;
  }

  /** Whether it can start anything: the images have it. */
  get isThere(): boolean {
    return existsSync(this.#path);
  }

  /** Runs a program to its end. Rejects with a TypeError when a word holds a zero; whatever else fails is in the outcome. */
  async run({ argv, input, timeoutMs }: Request): Promise<Outcome> {
    const id = (this.#last = (this.#last + 1) % 2 ** 32);
    const request = encode(id, timeoutMs, argv, input ?? "");
    return await new Promise((resolve) => {
      const { requests, replies } = (this.#life ??= this.#start());
      this.#waiting.set(id, { program: argv[0] ?? "", resolve });
      // Who waits for a program lives on; who only has this one beside him does not.
      replies.ref();
      requests.write(request);
    });
  }

  #start(): Life {
    const child = spawn(this.#path, [], { stdio: ["pipe", "pipe", "inherit"] });
    // What Node calls pipes are sockets.
    const life = { requests: child.stdin as Socket, replies: child.stdout as Socket };
    child.unref();
    life.requests.unref();
    life.requests.on("error", () => {});
    life.replies.on("data", (chunk: Buffer) => this.#hear(chunk));
    child.on("error", (error) => this.#lost(life, error.message));
    child.on("close", () => this.#lost(life, "the program that starts programs ended"));
    return life;
  }

  #hear(chunk: Buffer): void {
    this.#heard.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= WORD) {
      const end = WORD + this.#first(WORD).readUInt32LE(0);
      if (this.#length < end) return;
      this.#take(this.#first(end).subarray(WORD, end));
      this.#heard = [this.#first(end).subarray(end)];
      this.#length -= end;
    }
  }

  /** What was heard, with at least so many bytes in one piece; a long reply is put together once. */
  #first(length: number): Buffer {
    const [first] = this.#heard;
    if (first !== undefined && first.length >= length) return first;
    const whole = Buffer.concat(this.#heard);
    this.#heard = [whole];
    return whole;
  }

  #take(reply: Buffer): void {
    const id = reply.readUInt32LE(0);
    const status = reply.readInt32LE(WORD);
    const middle = 3 * WORD + reply.readUInt32LE(2 * WORD);
    const stdout = reply.toString("utf8", 3 * WORD, middle);
    const waiting = this.#waiting.get(id);
    this.#forget(id);
    if (waiting === undefined) return;
    const { program, resolve } = waiting;
    if (status < 0) resolve({ code: null, stdout, stderr: `spawn ${program} ${getSystemErrorName(status)}` });
    else
      resolve({ code: status < SIGNALLED ? status : null, stdout, stderr: reply.toString("utf8", middle) });
  }

  #forget(id: number): void {
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#life?.replies.unref();
  }

  /** The next request starts another one. */
  #lost(life: Life, why: string): void {
    if (this.#life !== life) return;
    this.#life = undefined;
    this.#heard = [];
    this.#length = 0;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { resolve } of waiting) resolve({ code: null, stdout: "", stderr: why });
  }
}

function encode(id: number, timeoutMs: number, argv: readonly string[], input: string): Buffer {
  if (argv.some((word) => word.includes("\0"))) throw new TypeError("a word of a command holds a zero");
  const words = Buffer.from(argv.map((word) => `${word}\0`).join("") + input);
  const head = Buffer.alloc(4 * WORD);
  [3 * WORD + words.length, id, timeoutMs, argv.length].forEach((value, at) =>
    head.writeUInt32LE(value, at * WORD),
  );
  return Buffer.concat([head, words]);
}
