/** What plots are drawn from: a value a second, for an hour. */

/** What is plotted, and in which unit. */
export const PLOTS = {
  rtt: { title: "Round trip", unit: "ms" },
  loss: { title: "Loss", unit: "%" },
  down: { title: "To customers", unit: "bit/s" },
  up: { title: "From customers", unit: "bit/s" },
  handshake: { title: "Handshake age", unit: "s" },
} as const;
export type Plot = keyof typeof PLOTS;

/** One curve: what it is of, and whose. */
export interface Track {
  readonly plot: Plot;
  /** A provider, or a customer's way by it: `home › alpha`. */
  readonly name: string;
}

/** Values of one moment by `trackKey`; one that is not known is left out or null. */
export type Values = Readonly<Record<string, number | null>>;

/** A history as it is sent. */
export interface PastHistory {
  readonly times: readonly number[];
  readonly series: Readonly<Record<string, readonly (number | null)[]>>;
}

/** So much is kept. */
const HOUR_S = 3600;
/** Values come once a second; after a longer pause nothing was measured, and the curves break. */
const GAP_S = 5;

export function trackKey({ plot, name }: Track): string {
  return `${plot}/${name}`;
}

/** The track of a key; undefined when it is of a plot that there is not. */
export function trackOf(key: string): Track | undefined {
  const at = key.indexOf("/");
  const plot = key.slice(0, at);
  return at > 0 && Object.hasOwn(PLOTS, plot) ? { plot: plot as Plot, name: key.slice(at + 1) } : undefined;
}

/** The last hour. A track that begins late has nulls before, one that ends has nulls after, and goes with its last value. */
export class History {
  readonly #times: number[];
  readonly #series = new Map<string, (number | null)[]>();

  constructor({ times, series }: PastHistory = { times: [], series: {} }) {
    this.#times = [...times];
    for (const [key, values] of Object.entries(series)) this.#series.set(key, [...values]);
  }

  /** Seconds since 1970, ascending. */
  get times(): readonly number[] {
    return this.#times;
  }

  get keys(): string[] {
    return [...this.#series.keys()];
  }

  /** As many as there are times. */
  valuesOf(key: string): readonly (number | null)[] {
    return this.#series.get(key) ?? [];
  }

  /** Adds a moment; one that is not after the last is left out. A pause before it leaves a moment without values. */
  add(atS: number, values: Values): void {
    const last = this.#times.at(-1) ?? atS - 1;
    if (atS <= last) return;
    if (atS - last > GAP_S) this.#push(last + 1, {});
    this.#push(atS, values);
    this.#forget(atS - HOUR_S);
  }

  #push(atS: number, values: Values): void {
    const before = this.#times.length;
    this.#times.push(atS);
    for (const key of Object.keys(values))
      if (!this.#series.has(key)) this.#series.set(key, Array.from<null>({ length: before }).fill(null));
    for (const [key, series] of this.#series) series.push(values[key] ?? null);
  }

  toJSON(): PastHistory {
    return { times: this.#times, series: Object.fromEntries(this.#series) };
  }

  /** Some at a time, because moving an array costs its length. */
  #forget(beforeS: number): void {
    const old = this.#times.findIndex((time) => time >= beforeS);
    if (old < 60) return;
    this.#times.splice(0, old);
    for (const [key, series] of this.#series) {
      series.splice(0, old);
      if (series.every((value) => value === null)) this.#series.delete(key);
    }
  }
}
