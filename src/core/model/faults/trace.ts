/**
 * Traces of a line's rate, as Mahimahi writes them: each line is a millisecond at which 1,500 bytes can be sent, and after
 * the last it begins anew. Kept as chances in each tenth of a second, which is how finely they are followed.
 */
export interface Trace {
  /** After which it begins anew. */
  readonly periodMs: number;
  /** Chances to send in each step; the last step ends with the period. */
  readonly chances: readonly number[];
}

/** A piece of a trace with one rate. */
export interface Stretch {
  readonly ms: number;
  /** Bits a second. */
  readonly rate: number;
  /** Nothing but one packet passes, at its beginning. */
  readonly gap: boolean;
}

const STEP_MS = 100;
/** Timers of a busy machine are hardly later. */
const AHEAD_MS = 100;
const CHANCE_BITS = 1500 * 8;
/** Ten minutes: what is kept of it stays small enough for the override and a status. */
const LONGEST_MS = 600_000;
/** 12 Gbit/s; beyond that it is no trace of a line. */
const MOST_CHANCES = 100_000;

export const TRACE_RIGHT =
  "a Mahimahi trace of up to ten minutes: a whole number of milliseconds on each line, none smaller than the one before";

/** Reads a Mahimahi trace, or what `formatTrace` wrote; undefined when it is neither. */
export function parseTrace(text: string): Trace | undefined {
  return text.includes(":") ? parseKept(text) : parseMahimahi(text);
}

/** Writes `period:chances,…` with `chances*times` for equal ones in a row. */
export function formatTrace({ periodMs, chances }: Trace): string {
  const runs: { count: number; times: number }[] = [];
  for (const count of chances) {
    const last = runs.at(-1);
    if (last?.count === count) last.times += 1;
    else runs.push({ count, times: 1 });
  }
  return `${periodMs}:${runs.map(({ count, times }) => (times === 1 ? String(count) : `${count}*${times}`)).join(",")}`;
}

/** Its mean rate in bits a second. */
export function meanRate({ periodMs, chances }: Trace): number {
  return (chances.reduce((sum, count) => sum + count, 0) * CHANCE_BITS * 1000) / periodMs;
}

/**
 * The trace as rates. A rate of nothing cannot be left again before the last packet is paid for, so a gap is one chance,
 * taken from those that follow it.
 */
export function stretchesOf({ periodMs, chances }: Trace): readonly Stretch[] {
  const found: { ms: number; chances: number; gap: boolean }[] = [];
  let gapMs = 0;
  for (const [index, count] of chances.entries()) {
    const ms = Math.min(STEP_MS, periodMs - index * STEP_MS);
    if (count === 0) {
      gapMs += ms;
      continue;
    }
    if (gapMs > 0) found.push({ ms: gapMs, chances: 1, gap: true });
    const left = gapMs > 0 ? count - 1 : count;
    gapMs = left === 0 ? ms : 0;
    if (left > 0) found.push({ ms, chances: left, gap: false });
  }
  if (gapMs > 0) found.push({ ms: gapMs, chances: 1, gap: true });
  return found.map((one) => ({
    ms: one.ms,
    rate: Math.round((one.chances * CHANCE_BITS * 1000) / one.ms),
    gap: one.gap,
  }));
}

/**
 * The rate after a time, and for how many milliseconds it stays. Towards the end of a gap it is that of what follows: the packet
 * at its beginning is paid for until the end, and one that passed there because a timer was late would cost another gap.
 */
export function rateAt(
  trace: Trace,
  stretches: readonly Stretch[],
  elapsedMs: number,
): { rate: number; staysMs: number } {
  let rest = elapsedMs % trace.periodMs;
  for (const [index, { ms, rate, gap }] of stretches.entries()) {
    const aheadMs = gap ? Math.min(AHEAD_MS, ms / 2) : 0;
    if (rest < ms - aheadMs) return { rate, staysMs: ms - aheadMs - rest };
    if (rest < ms) return { rate: (stretches[index + 1] ?? stretches[0])?.rate ?? rate, staysMs: ms - rest };
    rest -= ms;
  }
  return { rate: stretches.at(-1)?.rate ?? 0, staysMs: 1 };
}

function parseMahimahi(text: string): Trace | undefined {
  const lines = text.trim().split(/\s*\n\s*/);
  const times = lines.map((line) => (/^\d{1,9}$/.test(line) ? Number(line) : Number.NaN));
  const periodMs = times.at(-1) ?? 0;
  if (!times.every((time, index) => time >= (times[index - 1] ?? 0))) return undefined;
  if (periodMs < 1 || periodMs > LONGEST_MS) return undefined;
  const chances: number[] = Array.from({ length: Math.ceil(periodMs / STEP_MS) }, () => 0);
  for (const time of times) {
    const step = Math.min(Math.floor(time / STEP_MS), chances.length - 1);
    chances[step] = (chances[step] ?? 0) + 1;
  }
  return chances.every((count) => count <= MOST_CHANCES) ? { periodMs, chances } : undefined;
}

function parseKept(text: string): Trace | undefined {
  const [, period = "", runs = ""] = /^(\d{1,6}):([\d,*]{1,60000})$/.exec(text) ?? [];
  const periodMs = Number(period);
  if (periodMs < 1 || periodMs > LONGEST_MS) return undefined;
  const steps = Math.ceil(periodMs / STEP_MS);
  const chances: number[] = [];
  for (const run of runs.split(",")) {
    const [, count = "", times = "1"] = /^(\d{1,6})(?:\*(\d{1,4}))?$/.exec(run) ?? [];
    if (count === "" || Number(count) > MOST_CHANCES || chances.length + Number(times) > steps)
      return undefined;
    for (let at = 0; at < Number(times); at += 1) chances.push(Number(count));
  }
  return chances.length === steps && chances.some((count) => count > 0) ? { periodMs, chances } : undefined;
}
