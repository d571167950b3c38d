/** Between two looks: a stalled program is found within 9.5 s. All look at the same moments, so an idle container wakes once. */
const LOOK_EVERY_MS = 6000;
/** A question costs a millisecond; a program that nothing points at is asked so seldom. */
const LOOKS_PER_QUESTION = 10;
const ASK_AGAIN_MS = 500;
const PATIENCE_MS = 1500;
/** A single lost answer is no stall: a program may be reading its configuration. */
const STALLED_AFTER = 2;

export interface LivenessOptions {
  /** Asks the program; rejects, or does not resolve within 1.5 s, when there is no answer. */
  readonly ask: () => Promise<unknown>;
  /** Whether something points at a stall: then the program is asked at once. Costs next to nothing. */
  readonly suspect: () => boolean;
  /** Called when the program stalls and when it answers again. */
  readonly onChange: (stalled: boolean) => void;
}

/** What is done at each look. */
const looks = new Set<() => void>();
let ticker: NodeJS.Timeout | undefined;

function beginLooking(look: () => void): void {
  looks.add(look);
  ticker ??= setInterval(() => looks.forEach((one) => one()), LOOK_EVERY_MS);
}

function endLooking(look: () => void): void {
  looks.delete(look);
  if (looks.size > 0) return;
  clearInterval(ticker);
  ticker = undefined;
}

/**
 * Looks at a running program every 6 s and asks it for an answer where something points at a stall, and once a minute.
 * Finds it stalled when two answers in a row are missing. A program that has not answered yet is starting, not stalled.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  readonly #look = (): void => {
    if (this.#isAsking) return;
    const isFine = this.#answered && this.#unasked + 1 < LOOKS_PER_QUESTION && !this.#options.suspect();
    if (isFine) this.#unasked += 1;
    else void this.#check(this.#start);
  };
  #again: NodeJS.Timeout | undefined;
  /** Distinguishes answers to questions of an earlier start. */
  #start = 0;
  #isAsking = false;
  #answered = false;
  #missing = 0;
  #unasked = 0;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  get stalled(): boolean {
    return this.#answered && this.#missing >= STALLED_AFTER;
  }

  start(): void {
    this.stop();
    beginLooking(this.#look);
  }

  stop(): void {
    this.#start += 1;
    this.#isAsking = false;
    this.#answered = false;
    this.#missing = 0;
    this.#unasked = 0;
    clearTimeout(this.#again);
    endLooking(this.#look);
  }

  /** Asks until there is an answer. */
  async #check(start: number): Promise<void> {
    this.#isAsking = true;
    const answered = await answers(this.#options.ask);
    if (start !== this.#start) return;
    const before = this.stalled;
    this.#answered ||= answered;
    this.#missing = answered ? 0 : this.#missing + 1;
    this.#unasked = 0;
    this.#isAsking = !answered;
    if (this.stalled !== before) this.#options.onChange(this.stalled);
    if (!answered) this.#again = setTimeout(() => void this.#check(start), ASK_AGAIN_MS);
  }
}

function answers(ask: () => Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    ask()
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(() => clearTimeout(timer));
  });
}
