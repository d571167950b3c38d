/** How busy a machine was, from what its kernel tells in /proc/loadavg and /proc/stat. */
import type { LoadFacts } from "./record.ts";

/** One look at both files. */
interface LoadSample {
  readonly load1: number;
  /** Ticks of all processors since the machine started. */
  readonly busy: number;
  readonly total: number;
}

/** Columns of the line `cpu` in /proc/stat, in which a processor had nothing to do (proc_stat(5)). */
const IDLE = 3;
const IOWAIT = 4;
/** Those that count; what guests used is in the first two already. */
const COLUMNS = 8;

/** Reads /proc/loadavg followed by the first line of /proc/stat; undefined for anything else. */
export function readLoad(text: string): LoadSample | undefined {
  const load1 = Number(/^(\d+\.\d+) /.exec(text)?.[1]);
  const ticks = /^cpu +(.*)$/m.exec(text)?.[1]?.trim().split(/ +/).slice(0, COLUMNS).map(Number) ?? [];
  if (ticks.length <= IOWAIT || ![load1, ...ticks].every(Number.isFinite)) return undefined;
  const total = ticks.reduce((sum, one) => sum + one, 0);
  return { load1, total, busy: total - (ticks[IDLE] ?? 0) - (ticks[IOWAIT] ?? 0) };
}

/** What samples in their order come to. */
export function loadFacts(samples: readonly LoadSample[], everyS: number): LoadFacts {
  const shares = samples.slice(1).flatMap((sample, index) => {
    const before = samples[index];
    if (before === undefined || sample.total <= before.total) return [];
    return (sample.busy - before.busy) / (sample.total - before.total);
  });
  return {
    everyS,
    samples: samples.length,
    mostLoad1: most(samples.map(({ load1 }) => load1)),
    mostBusy: most(shares),
  };
}

/** Rounded to thousandths; null of none. */
function most(all: readonly number[]): number | null {
  return all.length === 0 ? null : Math.round(all.reduce((one, other) => Math.max(one, other)) * 1000) / 1000;
}
