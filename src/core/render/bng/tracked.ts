/** What is to be put and what is to be taken away, by key. */
export interface Changes {
  readonly put: readonly (readonly [key: string, value: string])[];
  readonly drop: readonly string[];
}

/** What becomes of a wish: another value, or undefined when it is not granted. */
export type Turn = (key: string, value: string) => string | undefined;

/**
 * What should be and what was made so, by key. Only keys that were touched are compared, so a change among thousands costs
 * no more than one among few. Several may want the same key; the last who said so decides its value.
 */
export class Tracked {
  readonly #wanted = new Map<string, Map<string, string>>();
  #made = new Map<string, string>();
  readonly #touched = new Set<string>();
  #turn: Turn | undefined;

  /** What was made, as far as is known. */
  get made(): ReadonlyMap<string, string> {
    return this.#made;
  }

  want(key: string, who: string, value = ""): void {
    const wishes = this.#wanted.get(key) ?? new Map<string, string>();
    wishes.delete(who);
    wishes.set(who, value);
    this.#wanted.set(key, wishes);
    this.#touched.add(key);
  }

  unwant(key: string, who: string): void {
    const wishes = this.#wanted.get(key);
    wishes?.delete(who);
    if (wishes?.size === 0) this.#wanted.delete(key);
    this.#touched.add(key);
  }

  /** From now on wishes become what `turn` makes of them; undefined: what they are. */
  turn(turn: Turn | undefined): void {
    this.#turn = turn;
    for (const key of this.#wanted.keys()) this.#touched.add(key);
  }

  /** Takes what is really there; whatever differs is among the next changes. */
  assume(there: ReadonlyMap<string, string>): void {
    this.#made = new Map(there);
    for (const key of this.#wanted.keys()) this.#touched.add(key);
    for (const key of there.keys()) this.#touched.add(key);
  }

  /** What differs; it stays so until it is told to be done. */
  changes(): Changes {
    const put: [string, string][] = [];
    const drop: string[] = [];
    for (const key of this.#touched) {
      const wanted = this.#valueOf(key);
      const made = this.#made.get(key);
      if (wanted === made) this.#touched.delete(key);
      else if (wanted === undefined) drop.push(key);
      else put.push([key, wanted]);
    }
    return { put, drop };
  }

  /** Notes that changes were made, but for those of some keys. */
  done({ put, drop }: Changes, failed: ReadonlySet<string> = new Set()): void {
    for (const key of drop) if (!failed.has(key)) this.#made.delete(key);
    for (const [key, value] of put) if (!failed.has(key)) this.#made.set(key, value);
  }

  #valueOf(key: string): string | undefined {
    const wishes = this.#wanted.get(key);
    const value = wishes === undefined ? undefined : [...wishes.values()].at(-1);
    return value === undefined || this.#turn === undefined ? value : this.#turn(key, value);
  }
}
