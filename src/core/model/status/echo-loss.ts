/** So many echoes count. */
const ECHOES = 20;

/**
 * The share of the last 20 echoes that were lost. Echoes before the first answer do not count, because the path is not ready
 * then; `downAfter` lost in a row without any answer before mean that it is down.
 */
export class EchoLoss {
  readonly #downAfter: number;
  #answers: boolean[] = [];
  #answered = false;

  constructor(downAfter = Infinity) {
    this.#downAfter = downAfter;
  }

  /** Adds an echo that was sent: whether it was answered. */
  add(answered: boolean): void {
    if (answered && !this.#answered) this.#answers = [];
    this.#answered ||= answered;
    this.#answers = [...this.#answers, answered].slice(-ECHOES);
  }

  /** 0 to 100; null while nothing counts. */
  get percent(): number | null {
    const { length } = this.#answers;
    if (!this.#answered) return length >= this.#downAfter ? 100 : null;
    return Math.round((100 * this.#answers.filter((answered) => !answered).length) / length);
  }
}
