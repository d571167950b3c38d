/** Figures in words, as verdicts have them. */

/** Least and most, as `Bounds` of the record; null: without a limit. */
interface Limits {
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

const MS = 1000;

/** Seconds to the millisecond: `12.345 s`. */
export function inSeconds(seconds: number): string {
  return `${Math.round(seconds * MS) / MS} s`;
}

/** A short time in milliseconds to the microsecond, a long one in seconds: `1.204 ms`, `12.345 s`. */
export function inTime(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * MS * MS) / MS} ms` : inSeconds(seconds);
}

/** A window of time: `from 10 s to 40 s`. */
export function inWindow(window: readonly [number, number] | null): string {
  return window === null ? "" : ` from ${inSeconds(window[0])} to ${inSeconds(window[1])}`;
}

/** A limit: `at most 1 s`, `exactly 0 packets`. */
export function inBounds({ atLeast, atMost }: Limits, write: (value: number) => string): string {
  if (atLeast !== null && atMost !== null)
    return atLeast === atMost ? `exactly ${write(atMost)}` : `${write(atLeast)} to ${write(atMost)}`;
  if (atMost !== null) return `at most ${write(atMost)}`;
  return atLeast === null ? "any" : `at least ${write(atLeast)}`;
}

/** Bits a second, in the unit that suits. */
export function inBits(bitsPerS: number): string {
  const [unit, size] = (
    [
      ["Gbit/s", 1e9],
      ["Mbit/s", 1e6],
      ["kbit/s", 1e3],
    ] as const
  ).find(([, each]) => bitsPerS >= each) ?? ["bit/s", 1];
  return `${Math.round((bitsPerS / size) * 100) / 100} ${unit}`;
}

/** A share in percent. */
export function inPercent(percent: number): string {
  return `${Math.round(percent * 100) / 100} %`;
}

/** A number of things: `1 packet`, `3 packets`. */
export function inNumber(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Whether a figure is within a limit. */
export function isWithin(value: number, { atLeast, atMost }: Limits): boolean {
  return (atLeast === null || value >= atLeast) && (atMost === null || value <= atMost);
}
