import { reasonOf } from "../../core/model/errors.ts";
import { log } from "../log.ts";

/** A failure is tried again after this long, however seldom the loop looks otherwise. */
const RETRY_MS = 5000;

/**
 * A level-triggered loop: `tick` compares what is with what should be and mends the difference. It runs every
 * `intervalMs`, which may depend on what the last tick found, and soon after every poke; never twice at once; a failure is
 * logged once and tried again.
 */
export class Loop {
  #name: string;
  #tick: () => Promise<void>;
  #intervalMs: () => number;
  #running = false;
  #again = false;
  #stopped = true;
  #timer: NodeJS.Timeout | undefined;
  #awaited: (() => void)[] = [];
  #lastFailure: string | undefined;

  constructor(name: string, intervalMs: number | (() => number), tick: () => Promise<void>) {
    this.#name = name;
    this.#intervalMs = typeof intervalMs === "number" ? () => intervalMs : intervalMs;
    this.#tick = tick;
  }

  /** Why the last tick failed; undefined when it did not. */
  get failure(): string | undefined {
    return this.#lastFailure;
  }

  start(): void {
    this.#stopped = false;
    this.poke();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Asks for a tick as soon as possible. */
  poke(): void {
    if (this.#stopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    void this.#run();
  }

  /** Asks for a tick; resolves when one that began after that has ended, whatever came of it. */
  once(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.#awaited.push(resolve);
      this.poke();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    do {
      this.#again = false;
      const awaited = this.#awaited;
      this.#awaited = [];
      try {
        await this.#tick();
        this.#lastFailure = undefined;
      } catch (error) {
        const reason = reasonOf(error);
        if (reason !== this.#lastFailure) log("warn", `${this.#name}: ${reason}`);
        this.#lastFailure = reason;
      }
      for (const resolve of awaited) resolve();
    } while (this.#again && !this.#stopped);
    this.#running = false;
    if (this.#stopped) return;
    const failed = this.#lastFailure !== undefined;
    const intervalMs = this.#intervalMs();
    this.#timer = setTimeout(() => this.poke(), failed ? Math.min(RETRY_MS, intervalMs) : intervalMs);
  }
}
