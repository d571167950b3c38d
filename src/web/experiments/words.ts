import type { Verdict } from "../../core/judge/experiment/record.ts";
import { two } from "../data/format.ts";
import type { RunState, RunSummary, ShownStep } from "../../core/judge/experiment/shown.ts";

/** How a state is told: in a word and a colour. */
export interface Word {
  readonly word: string;
  readonly look: "up" | "waiting" | "down" | "none" | "now";
}

export const RUN_STATES = {
  running: { word: "running", look: "now" },
  partial: { word: "partial", look: "waiting" },
  finished: { word: "finished", look: "none" },
} as const satisfies Record<RunState, Word>;

export const STEP_STATES = {
  planned: { word: "planned", look: "none" },
  running: { word: "running", look: "now" },
  "broke-off": { word: "broke off", look: "waiting" },
  done: { word: "done", look: "up" },
  failed: { word: "failed", look: "down" },
  unsupported: { word: "unsupported", look: "none" },
  "not-reached": { word: "not reached", look: "none" },
} as const satisfies Record<ShownStep["state"], Word>;

export const RESULTS = {
  passed: { word: "passed", look: "up" },
  failed: { word: "failed", look: "down" },
  "expected-failure": { word: "expected failure", look: "waiting" },
  "unexpected-pass": { word: "unexpected pass", look: "down" },
  unsupported: { word: "unsupported", look: "none" },
  inconclusive: { word: "inconclusive", look: "down" },
} as const satisfies Record<Verdict["result"], Word>;

/** The counts of a run's verdicts, each with its colour, as they are told in words. */
export function countWords({ counts }: Pick<RunSummary, "counts">): readonly Word[] {
  return (Object.keys(RESULTS) as Verdict["result"][]).flatMap((result) => {
    const count = counts[result] ?? 0;
    const { word, look } = RESULTS[result];
    return count === 0 ? [] : [{ word: `${count} ${word}`, look }];
  });
}

/** `mode=flash, ttl=5`; empty for a run of no matrix. */
export function variableWords(variables: RunSummary["variables"]): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

/** The time of a step: when it began, or is to begin; of one that follows another nothing is known before. */
export function stepTime({ startedS, plannedS }: Pick<ShownStep, "startedS" | "plannedS">): string {
  const atS = startedS ?? plannedS;
  return atS === null ? "then" : seconds(atS);
}

/** `12.3 s` */
export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

/** A date and a time of day, in the browser's own zone: `2026-11-28 12:30`. */
export function dateWords(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "–";
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A place on a line that is `ofS` long, in percent. */
export function placeOf(atS: number, ofS: number): number {
  return ofS > 0 ? Math.min(100, Math.max(0, (100 * atS) / ofS)) : 0;
}

/** Round seconds for the line's head: at most `most` steps. */
export function ticksOf(endsS: number, most = 6): number[] {
  if (!(endsS > 0)) return [0];
  const rough = endsS / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  return Array.from({ length: Math.floor(endsS / step) + 1 }, (_, index) =>
    Number((index * step).toFixed(3)),
  );
}
