import type { RunRecord } from "../../core/judge/scenario/record.ts";

/** Where moments are on the timeline. */
export interface TimeScale {
  readonly endS: number;
  /** As an attribute of SVG: `12.345%`. */
  at(seconds: number): string;
  /** The same of a length. */
  length(fromS: number, toS: number): string;
  /** In the units of a path that is stretched over the width: 0 to 10000. */
  unit(seconds: number): number;
  readonly ticks: readonly number[];
}

/** Units of the width of a stretched path. */
export const WIDTH = 10_000;

export function timeScale(record: RunRecord): TimeScale {
  const moments = [
    record.durationS,
    ...record.bands.map(({ fromS, toS }) => toS ?? fromS),
    ...record.facts.map(({ atS }) => atS),
  ];
  const lastProbe = record.probes.reduce((last, { sentNs }) => Math.max(last, sentNs), 0) / 1e9;
  const endS = moments.reduce((last, moment) => Math.max(last, moment), Math.max(lastProbe, 0.001));
  const share = (seconds: number): number => Math.min(1, Math.max(0, seconds / endS));
  return {
    endS,
    at: (seconds) => percentOf(share(seconds)),
    length: (fromS, toS) => percentOf(Math.max(0, share(toS) - share(fromS))),
    unit: (seconds) => Math.round(share(seconds) * WIDTH),
    ticks: ticksUpTo(endS, 9),
  };
}

/** A share as a length of SVG. */
export function percentOf(share: number): string {
  return `${Number((100 * share).toFixed(3))}%`;
}

/** Round numbers from 0, at most so many steps. */
export function ticksUpTo(end: number, most: number): number[] {
  const step = roundUp(end / most);
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

/** The next of some round numbers: 1, 2, 5, 10, … */
export function roundUp(value: number, factors: readonly number[] = [1, 2, 5, 10]): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const found = factors.find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return found * power;
}
