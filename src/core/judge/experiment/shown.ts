/** Runs as a page is told them: what goes on, and what it came to. Times are seconds since t=0. */
import * as z from "zod";
import { band, listOf, stepResult, type Band, type Verdict } from "./record.ts";

/** `partial`: it ended before its end, or nobody writes to it any more. */
export type RunState = "running" | "partial" | "finished";

/** A step before, in, or after its time; `broke-off`: the run ended with it. */
const shownStep = stepResult.omit({ outcome: true }).extend({
  startedS: z.number().nullable(),
  state: z.enum([...stepResult.shape.outcome.options, "planned", "running", "broke-off"]),
});
export type ShownStep = z.output<typeof shownStep>;

/** A line of the list. */
export interface RunSummary {
  /** Its folder, below that of all runs: `first`, or `twenty/2-07` in a series. */
  readonly id: string;
  readonly scenario: string;
  readonly title: string | null;
  readonly lab: string;
  /** Values of the matrix that it is of. */
  readonly variables: Readonly<Record<string, string>>;
  /** UTC, RFC 3339: t=0. */
  readonly startedAt: string;
  readonly state: RunState;
  /** How long it lasted, or lasts so far. */
  readonly durationS: number;
  /** How many verdicts there are of each result. */
  readonly counts: Readonly<Partial<Record<Verdict["result"], number>>>;
  /** Whether there is a report to read. */
  readonly report: boolean;
  /** Another one when something of it changed. */
  readonly version: string;
}

/** All that is shown of one run. */
export interface ShownRun extends RunSummary {
  /** When it is over, as far as that can be told. */
  readonly endsS: number;
  readonly steps: readonly ShownStep[];
  readonly bands: readonly Band[];
  readonly verdicts: readonly Verdict[];
}

/** Runs that belong together, with a report of all. */
export interface ShownSeries {
  readonly id: string;
  readonly runs: number;
}

/** What the page's list is made of. */
export interface ShownRuns {
  /** Where they are looked for. */
  readonly folder: string;
  /** The newest first. */
  readonly runs: readonly RunSummary[];
  readonly series: readonly ShownSeries[];
  /** How many older ones are left out. */
  readonly more: number;
}

/** What stands in progress.json: what a run writes down of itself while it goes on. */
export const progressShape = z.object({
  format: z.literal(1),
  scenario: z.string(),
  title: z.string().nullable(),
  lab: z.string(),
  variables: z.record(z.string(), z.string()),
  startedAt: z.string(),
  nowS: z.number().nonnegative(),
  endsS: z.number().nonnegative(),
  /** All steps of the scenario, in its order. */
  steps: listOf(shownStep),
  bands: listOf(band),
});
export type ProgressNote = z.output<typeof progressShape>;
