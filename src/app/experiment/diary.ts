import type { Band, LoadSample, StepResult } from "../../core/judge/experiment/record.ts";
import { latestOf } from "../../core/judge/load/summary.ts";
import { endS } from "../../core/judge/scenario/schedule.ts";
import { PROGRESS_FILE } from "../../core/judge/experiment/file-names.ts";
import type { ProgressNote, ShownStep } from "../../core/judge/experiment/shown.ts";
import type { RunFolder } from "../ports/run-folder.ts";
import type { RunPlan } from "./record.ts";
import { blank } from "./steps/timeline.ts";

/** Also when nothing happens: who looks can tell a run that goes on from one that was killed. */
const EVERY_MS = 1000;

export interface DiaryOptions {
  readonly plan: Pick<RunPlan, "scenario" | "variables" | "lab">;
  readonly observers: {
    readonly startedAt: string;
    nowS(): number;
    bands(steps: readonly StepResult[]): Band[];
  };
  readonly folder: Pick<RunFolder, "write">;
}

/** What a run writes down for those who look at it meanwhile. */
export interface Diary {
  step(step: StepResult, phase: "begin" | "end"): void;
  /** Tells of each load what it measured last. */
  load(samples: readonly LoadSample[]): void;
  /** All was done and seen; what is left is to write the record. */
  over(durationS: number): void;
  /** Writes no more. */
  close(): void;
}

/** Begins to write progress.json, at each step and each second. A disk that takes none of it does no harm: the record is told of elsewhere. */
export function keepDiary({ plan, observers, folder }: DiaryOptions): Diary {
  const { scenario, variables, lab } = plan;
  const steps = new Map<string, ShownStep>(
    scenario.steps.map((step) => {
      const { outcome: _, ...rest } = blank(step);
      return [step.id, { ...rest, startedS: null, state: "planned" }];
    }),
  );
  const begun = new Map<string, StepResult>();
  let lastedS: number | undefined;
  const write = (): void => {
    const nowS = lastedS ?? observers.nowS();
    const note: ProgressNote = {
      format: 1,
      scenario: scenario.name,
      title: scenario.title,
      lab: lab.name,
      variables,
      startedAt: observers.startedAt,
      nowS,
      endsS: lastedS ?? Math.max(endS(scenario, [...begun.values()]), nowS),
      steps: [...steps.values()],
      bands: observers.bands([...begun.values()]),
    };
    try {
      folder.write(PROGRESS_FILE, `${JSON.stringify(note)}\n`, { passing: true });
    } catch {
      // What the run has to keep fails as well then, and is told there.
    }
  };
  const timer = setInterval(write, EVERY_MS);
  write();
  return {
    step(step, phase) {
      // Of one that only began its outcome is not known; the bands would leave it out.
      begun.set(step.id, phase === "begin" ? { ...step, outcome: "done" } : step);
      const { outcome, ...rest } = step;
      steps.set(step.id, { ...rest, state: phase === "begin" ? "running" : outcome });
      write();
    },
    load(samples) {
      for (const [id, detail] of latestOf(samples)) {
        const step = steps.get(id);
        if (step?.state === "running") steps.set(id, { ...step, detail });
      }
    },
    over(durationS) {
      lastedS = durationS;
      write();
    },
    close() {
      clearInterval(timer);
    },
  };
}
