/** Probes drawn: each by itself while they are few; in columns of time otherwise, so that the page stays small. */
import { groupBy } from "../../core/model/grouped.ts";
import type { ProbeSample } from "../../core/judge/experiment/record.ts";
import { rttsOf } from "../../core/judge/evidence/paths.ts";

/** The probes that were sent within one column. */
export interface TimeColumn {
  readonly fromS: number;
  readonly toS: number;
  readonly sent: number;
  readonly noAnswer: number;
  readonly notSent: number;
  /** Round trips in nanoseconds; null where nothing was answered. */
  readonly rtt: { readonly least: number; readonly median: number; readonly most: number } | null;
  /** By whom most of those that arrived came in; null where none arrived, or nobody can tell. */
  readonly arrivedBy: string | null;
}

/** Columns of one length over the whole time; those without a probe are left out. */
export function timeColumns(probes: readonly ProbeSample[], endS: number, number: number): TimeColumn[] {
  const widthS = endS / number;
  const indexOf = ({ sentNs }: ProbeSample): number =>
    Math.min(number - 1, Math.max(0, Math.floor(sentNs / 1e9 / widthS)));
  return [...groupBy(probes, indexOf)]
    .sort(([one], [other]) => one - other)
    .map(([index, group]) => columnOf(group, index * widthS, (index + 1) * widthS));
}

function columnOf(probes: readonly ProbeSample[], fromS: number, toS: number): TimeColumn {
  const rtts = rttsOf(probes);
  const [least] = rtts;
  const most = rtts.at(-1);
  const median = rtts[Math.floor((rtts.length - 1) / 2)];
  return {
    fromS,
    toS,
    sent: probes.length,
    noAnswer: probes.filter(({ outcome }) => outcome === "no-answer").length,
    notSent: probes.filter(({ outcome }) => outcome === "not-sent").length,
    rtt: least === undefined || most === undefined || median === undefined ? null : { least, median, most },
    arrivedBy: mostCommon(probes.flatMap(({ arrivedBy }) => arrivedBy ?? [])),
  };
}

function mostCommon(words: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? null;
}

/** A stretch of time in which something stayed the same. */
export interface Stretch<T> {
  readonly fromS: number;
  readonly toS: number;
  readonly value: T;
}

/** Neighbours with equal values as one; those without a value are passed over, and a gap that is longer ends a stretch. */
export function stretches<T, Column extends Pick<Stretch<T>, "fromS" | "toS">>(
  columns: readonly Column[],
  valueOf: (column: Column) => T | null,
  gapS: number,
): Stretch<T>[] {
  const found: { fromS: number; toS: number; value: T }[] = [];
  for (const column of columns) {
    const value = valueOf(column);
    if (value === null) continue;
    const last = found.at(-1);
    if (last?.value === value && column.fromS - last.toS <= gapS) last.toS = column.toS;
    else found.push({ fromS: column.fromS, toS: column.toS, value });
  }
  return found;
}
