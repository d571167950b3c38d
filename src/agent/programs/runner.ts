import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { constants } from "node:os";
import { getSystemErrorName } from "node:util";

import { KeptProgram, type End, type Stream } from "./kept-program.ts";

/** Of images/runner, which says how it is talked to. */
const RUNNER = "/usr/local/lib/mhlab/runner";
const WORD = 4;
const SIGNALLED = 256;
const ASK = { run: 0, keep: 1, signal: 2 } as const;
const TOLD = { ended: 0, started: 1, output: 2, complaint: 3 } as const;

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

/** What a reply is about. */
interface Asker {
  /** Whether a program is waited for until it ended. */
  readonly waits: boolean;
  started?(pid: number): void;
  printed?(stream: Stream, bytes: Buffer): void;
  /** No status when the runner went. */
  ended(status: number | undefined, stdout: string, stderr: string): void;
}

const LOST = "the program that starts programs ended";

/**
 * Programs started by a small one that stays: Node itself forks with all of its memory, copies each page that it writes to
 * afterwards, and makes three sockets for a program, which is more than most of them do.
 */
export class Runner {
  #life: Life | undefined;
  readonly #askers = new Map<number, Asker>();
  #waiting = 0;
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
    return await new Promise((resolve) => {
      this.#ask(ASK.run, timeoutMs, argv, input, {
        waits: true,
        ended: (status, stdout, stderr) => resolve(outcomeOf(argv, status, stdout, stderr)),
      });
    });
  }

  /** Starts a program that runs until it is told to end; rejects when it cannot be started. It goes with the runner. */
  async keep(argv: readonly string[]): Promise<KeptProgram> {
    return await new Promise((resolve, reject) => {
      let kept: KeptProgram | undefined;
      const id = this.#ask(ASK.keep, 0, argv, "", {
        waits: false,
        started: (pid) => {
          kept = new KeptProgram(pid, (signal) => {
            this.#life?.requests.write(encode(id, ASK.signal, constants.signals[signal], [], ""));
          });
          resolve(kept);
        },
        printed: (stream, bytes) => kept?.hear(stream, bytes),
        ended: (status, stdout, stderr) => {
          if (kept === undefined) reject(new Error(outcomeOf(argv, status, stdout, stderr).stderr.trim()));
          else if (status === undefined) kept.finish(endOfOrphan(kept.pid));
          else kept.finish(endOf(status));
        },
      });
    });
  }

  #ask(
    what: number,
    measure: number,
    argv: readonly string[],
    input: string | undefined,
    asker: Asker,
  ): number {
    const id = (this.#last = (this.#last + 1) % 2 ** 32);
    const request = encode(id, what, measure, argv, input ?? "");
    const { requests, replies } = (this.#life ??= this.#start());
    this.#askers.set(id, asker);
    if (asker.waits) this.#waiting += 1;
    // Who waits for a program lives on; who only has this one beside him does not.
    if (asker.waits) replies.ref();
    requests.write(request);
    return id;
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
    child.on("close", () => this.#lost(life, LOST));
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
    const what = reply.readUInt32LE(WORD);
    const asker = this.#askers.get(id);
    if (what === TOLD.started) asker?.started?.(reply.readUInt32LE(2 * WORD));
    // A copy: what was heard is one piece of memory for many replies.
    else if (what === TOLD.output) asker?.printed?.("output", Buffer.from(reply.subarray(2 * WORD)));
    else if (what === TOLD.complaint) asker?.printed?.("complaint", Buffer.from(reply.subarray(2 * WORD)));
    else {
      const middle = 4 * WORD + reply.readUInt32LE(3 * WORD);
      const stdout = reply.toString("utf8", 4 * WORD, middle);
      this.#forget(id);
      asker?.ended(reply.readInt32LE(2 * WORD), stdout, reply.toString("utf8", middle));
    }
  }

  #forget(id: number): void {
    if (this.#askers.get(id)?.waits === true) this.#waiting -= 1;
    this.#askers.delete(id);
    if (this.#waiting === 0) this.#life?.replies.unref();
  }

  /** The next request starts another one. */
  #lost(life: Life, why: string): void {
    if (this.#life !== life) return;
    this.#life = undefined;
    this.#heard = [];
    this.#length = 0;
    this.#waiting = 0;
    const askers = [...this.#askers.values()];
    this.#askers.clear();
    for (const asker of askers) asker.ended(undefined, "", why);
  }
}

/** The one of this agent. */
export const runner = new Runner();

function outcomeOf(
  [program = ""]: readonly string[],
  status: number | undefined,
  stdout: string,
  stderr: string,
): Outcome {
  if (status === undefined) return { code: null, stdout, stderr };
  if (status < 0) return { code: null, stdout, stderr: `spawn ${program} ${getSystemErrorName(status)}` };
  return { code: status < SIGNALLED ? status : null, stdout, stderr };
}

function endOf(status: number): End {
  if (status < SIGNALLED) return { code: status, signal: null };
  const [name] = Object.entries(constants.signals).find(([, number]) => number === status - SIGNALLED) ?? [];
  return { code: null, signal: (name ?? "SIGKILL") as NodeJS.Signals };
}

/** Nobody reads what it prints any more, nor hears of its end. */
function endOfOrphan(pid: number): End {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone.
  }
  return { code: null, signal: "SIGKILL" };
}

function encode(id: number, what: number, measure: number, argv: readonly string[], input: string): Buffer {
  if (argv.some((word) => word.includes("\0"))) throw new TypeError("a word of a command holds a zero");
  const words = Buffer.from(argv.map((word) => `${word}\0`).join("") + input);
  const head = [4 * WORD + words.length, id, what, measure, argv.length];
  const request = Buffer.alloc(head.length * WORD + words.length);
  head.forEach((value, at) => request.writeUInt32LE(value, at * WORD));
  words.copy(request, head.length * WORD);
  return request;
}
