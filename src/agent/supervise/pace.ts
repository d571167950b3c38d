import type { Clock } from "../clock.ts";

const QUICK_MS = 250;
/** Who is not ready for longer than this waits for others, and their doings are events. */
const QUICK_FOR_MS = 15_000;

/** Asks for quick comparisons as long as something has just ceased to be ready. */
export class Pace {
  readonly #clock: Clock;
  readonly #poke: () => void;
  #timer: NodeJS.Timeout | undefined;
  #unreadySince: number | undefined;

  constructor(clock: Clock, poke: () => void) {
    this.#clock = clock;
    this.#poke = poke;
  }

  /** To be told after each comparison. */
  note(ready: boolean): void {
    clearTimeout(this.#timer);
    this.#unreadySince = ready ? undefined : (this.#unreadySince ?? this.#clock.monotonicMs());
    if (this.#unreadySince !== undefined && this.#clock.monotonicMs() - this.#unreadySince < QUICK_FOR_MS)
      this.#timer = setTimeout(this.#poke, QUICK_MS);
  }
}
