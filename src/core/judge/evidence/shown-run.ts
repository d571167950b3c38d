import type { RunData } from "../scenario/record.ts";
import {
  progressShape,
  type ProgressNote,
  type RunState,
  type ShownRun,
  type ShownStep,
} from "../experiment/shown.ts";
import { countsOf } from "./outcomes.ts";
import { readRunJson } from "./run-json.ts";

/** What a folder of a run has for one who looks at it. */
export interface RunTexts {
  /** progress.json; undefined once the run is over. */
  readonly progress: string | undefined;
  readonly record: string | undefined;
  /** Whether it has its sums. */
  readonly sealed: boolean;
  /** Whether progress.json was written a moment ago. */
  readonly fresh: boolean;
}

type Shown = Omit<ShownRun, "id" | "report" | "version">;

/** A run as it is shown; undefined for a folder that holds none, or one that cannot be read. */
export function shownRun({ progress, record, sealed, fresh }: RunTexts): Shown | undefined {
  const note = sealed || progress === undefined ? undefined : readProgress(progress);
  if (note !== undefined) return ofNote(note, fresh ? "running" : "partial");
  const read = record === undefined ? undefined : recordIn(record);
  return read === undefined ? undefined : ofRecord(read, sealed);
}

function ofNote(note: ProgressNote, state: RunState): Shown {
  const { format: _, nowS, steps, ...rest } = note;
  return {
    ...rest,
    state,
    durationS: nowS,
    steps: state === "running" ? steps : steps.map(cut),
    counts: {},
    verdicts: [],
  };
}

/** A step of a run that nobody goes on with. */
function cut(step: ShownStep): ShownStep {
  if (step.state === "running") return { ...step, state: "broke-off" };
  return step.state === "planned" ? { ...step, state: "not-reached" } : step;
}

function ofRecord(record: RunData, sealed: boolean): Shown {
  const { scenario, lab, variables, startedAt, durationS, partial, steps, bands, verdicts } = record;
  const whole = sealed && !partial;
  return {
    scenario: scenario.name,
    title: scenario.title,
    lab,
    variables,
    startedAt,
    state: whole ? "finished" : "partial",
    durationS,
    endsS: durationS,
    steps: steps.map(({ outcome, startedS, ...step }) => ({
      ...step,
      // When a step that was not reached was given up says nothing of the step.
      startedS: outcome === "not-reached" ? null : startedS,
      state: outcome,
    })),
    bands,
    // Of a run that was killed nothing was judged with its probes.
    verdicts: sealed ? verdicts : [],
    counts: sealed ? Object.fromEntries(countsOf(verdicts)) : {},
  };
}

function readProgress(text: string): ProgressNote | undefined {
  try {
    return progressShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function recordIn(text: string): RunData | undefined {
  try {
    return readRunJson(text);
  } catch {
    return undefined;
  }
}
