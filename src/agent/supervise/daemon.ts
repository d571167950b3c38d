import { readFileSync } from "node:fs";
import { constants } from "node:os";

import { reasonOf } from "../../core/model/errors.ts";
import type { Confinement } from "../../core/render/confinement/programs.ts";
import { intoLines } from "../lines.ts";
import { log } from "../log.ts";
import { waitUntil } from "../patience.ts";
import { confined } from "../programs/confine.ts";
import { keep } from "../programs/kept.ts";
import type { End, KeptProgram } from "../programs/kept-program.ts";
import { hasUnread, type Inbox } from "./inbox.ts";
import { Liveness } from "./liveness.ts";

export interface DaemonOptions {
  name: string;
  argv: readonly string[];
  env?: Record<string, string>;
  /** Runs before each start, such as removing a stale PID file. */
  before?: () => void | Promise<void>;
  /** Called with each complete line of its standard output and standard error; without it lines go to the log as warnings. */
  onLine?: (line: string) => void;
  /** Called after each start. */
  onStart?: () => void;
  /** Called when it ends unasked. */
  onExit?: () => void;
  /** Asks it for an answer; rejects when there is none. Left out, only its state is looked at: whether a signal stopped it. */
  ask?: () => Promise<unknown>;
  /** Sockets by which it hears those whom it serves: it is asked at once when something waits there. */
  inbox?: Inbox;
  /** How it is asked to end; left out, SIGTERM. */
  endBy?: NodeJS.Signals;
  /** Under whose name it runs, and with what rights. */
  confinement: Confinement;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;
const STABLE_AFTER_MS = 10_000;
const KILL_AFTER_MS = 3000;
const START = { everyMs: 20, forMs: 10_000 };

/** A child process that is kept alive: started again with a growing delay when it ends, counted, stopped on request. */
export class Daemon {
  readonly name: string;
  restarts = 0;
  #options: DaemonOptions;
  readonly #liveness: Liveness;
  #child: KeptProgram | undefined;
  #starting: Promise<void> | undefined;
  #wanted = false;
  #delayMs = FIRST_DELAY_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DaemonOptions) {
    this.name = options.name;
    this.#options = options;
    const { name, ask = async () => this.#requireGoing(), inbox } = options;
    this.#liveness = new Liveness({
      ask,
      suspect: () => this.#isStopped || (inbox !== undefined && hasUnread(inbox)),
      onChange: (stalled) =>
        log("warn", stalled ? `${name} runs, but does not answer` : `${name} answers again`),
    });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  /** Whether it runs, answered before, and has not answered two questions in a row. */
  get stalled(): boolean {
    return this.#liveness.stalled;
  }

  /** Starts it unless it runs; it is kept alive from now on. */
  async start(): Promise<void> {
    this.#wanted = true;
    if (this.#child === undefined && this.#timer === undefined) await this.#start();
  }

  /** Asks it to end, kills it after 3 s, and does not start it again. */
  async stop(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#starting;
    const child = this.#child;
    if (child === undefined) return;
    const killer = setTimeout(() => child.signal("SIGKILL"), KILL_AFTER_MS);
    child.signal(this.#options.endBy ?? "SIGTERM");
    await child.ended;
    clearTimeout(killer);
  }

  /** Sends a signal as soon as it handles it: before, the signal would end it. Not sent when it ends, or takes over 10 s. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const { pid } = child;
    const handled = await waitUntil(() => this.#child !== child || handles(pid, signal), START);
    if (handled && this.#child === child) child.signal(signal);
  }

  get #isStopped(): boolean {
    return this.pid !== undefined && isStopped(this.pid);
  }

  #requireGoing(): void {
    if (this.#isStopped) throw new Error(`${this.name} is stopped`);
  }

  /** Never two at once. */
  async #start(): Promise<void> {
    this.#starting ??= this.#spawn().finally(() => (this.#starting = undefined));
    await this.#starting;
  }

  async #spawn(): Promise<void> {
    const { argv, env = {}, before, onLine, onStart, confinement } = this.#options;
    await before?.();
    if (!this.#wanted) return;
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const command = variables.length === 0 ? argv : ["env", ...variables, ...argv];
    let child: KeptProgram;
    try {
      child = await keep(confined(command, confinement));
    } catch (error) {
      log("error", `${this.name} cannot be started: ${reasonOf(error)}`);
      return this.#startAgain();
    }
    this.#child = child;
    this.#liveness.start();
    const stable = setTimeout(() => (this.#delayMs = FIRST_DELAY_MS), STABLE_AFTER_MS);
    const report = onLine ?? ((line: string) => log("warn", `${this.name}: ${line}`));
    child.read({ onOutput: intoLines(report), onComplaint: intoLines(report) });
    void child.ended.then((end) => {
      this.#child = undefined;
      this.#liveness.stop();
      clearTimeout(stable);
      this.#onEnd(end);
    });
    onStart?.();
  }

  #onEnd({ code, signal }: End): void {
    if (!this.#wanted) return;
    this.restarts += 1;
    log(
      "warn",
      `${this.name} ended (${signal ?? `exit code ${code}`}), starting it again in ${this.#delayMs} ms`,
    );
    this.#startAgain();
    this.#options.onExit?.();
  }

  #startAgain(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#start();
    }, this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
  }
}

/** Whether a signal or a debugger stopped a process (state `T` or `t` of proc(5)). */
function isStopped(pid: number): boolean {
  try {
    // The name, in brackets, may have any character in it.
    return /\) [Tt] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Whether a process has a handler for a signal (`SigCgt` of proc(5)). */
function handles(pid: number, signal: NodeJS.Signals): boolean {
  try {
    const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return ((BigInt(`0x${mask ?? "0"}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  } catch {
    return false;
  }
}

/** Calls back with each complete line of a stream. */
export function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  stream?.setEncoding("utf8");
  stream?.on("data", intoLines(onLine));
}
