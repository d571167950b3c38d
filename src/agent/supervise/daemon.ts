import { readFileSync } from "node:fs";
import { constants } from "node:os";

import { reasonOf } from "../../core/errors.ts";
import type { Confinement } from "../../core/confinement/programs.ts";
import { intoLines } from "../lines.ts";
import { log } from "../log.ts";
import { waitUntil } from "../patience.ts";
import { confined } from "../programs/confine.ts";
import { keep } from "../programs/kept.ts";
import type { End, KeptProgram } from "../programs/kept-program.ts";

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
  #child: KeptProgram | undefined;
  #starting: Promise<void> | undefined;
  #wanted = false;
  #delayMs = FIRST_DELAY_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: DaemonOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child !== undefined;
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
    const stable = setTimeout(() => (this.#delayMs = FIRST_DELAY_MS), STABLE_AFTER_MS);
    const report = onLine ?? ((line: string) => log("warn", `${this.name}: ${line}`));
    child.read({ onOutput: intoLines(report), onComplaint: intoLines(report) });
    void child.ended.then((end) => {
      this.#child = undefined;
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
