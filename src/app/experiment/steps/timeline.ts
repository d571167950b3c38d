import { chainsOf } from "../../../core/judge/scenario/schedule.ts";
import { limitOf, nodeOf, stepText } from "../../../core/judge/scenario/steps/registry.ts";
import type { Step } from "../../../core/judge/scenario/steps/registry.ts";
import type { StepResult } from "../../../core/judge/experiment/record.ts";
import { pause } from "../../ports/time.ts";
import { within } from "./limits.ts";

/** What came of a step that ended by itself. */
export interface Done {
  /** Left out: `done`. */
  readonly outcome?: "done" | "failed" | "unsupported";
  readonly detail?: string | null;
  readonly exitCode?: number | null;
  readonly faultId?: string | null;
}

/** A step that cannot be done here. */
export class Unsupported extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Unsupported";
  }
}

export interface TimelineOptions {
  /** Seconds since t=0. */
  readonly nowS: () => number;
  /** Does one step; what it throws is why it failed. */
  readonly act: (step: Step, signal: AbortSignal) => Promise<Done>;
  /** Called when a step begins and when it ends. */
  readonly onStep: (result: StepResult, phase: "begin" | "end") => void;
  /** Ends all; steps that were not begun are not reached then. */
  readonly signal: AbortSignal;
}

/** Does the steps of a scenario, each at its time. Never rejects: what became of each is in its result, in the order of the scenario. */
export async function runSteps(steps: readonly Step[], options: TimelineOptions): Promise<StepResult[]> {
  const results = new Map<Step, StepResult>();
  await Promise.all(
    chainsOf(steps).map(async (chain) => {
      const { nowS, signal } = options;
      // Whoever is late begins at once.
      const due = await pause(Math.max(0, (chain.atS - nowS()) * 1000), signal).then(
        () => true,
        () => false,
      );
      let reached = due;
      for (const step of chain.steps) {
        const result = reached ? await runStep(step, options) : notReached(step, nowS());
        results.set(step, result);
        // Without what was waited for, the next step is about something else.
        reached &&= result.outcome === "done" || step.do !== "wait";
        if (signal.aborted) reached = false;
      }
    }),
  );
  return steps.flatMap((step) => results.get(step) ?? []);
}

async function runStep(step: Step, options: TimelineOptions): Promise<StepResult> {
  const { nowS, act, onStep, signal } = options;
  const begun = { ...blank(step), startedS: nowS() };
  onStep(begun, "begin");
  const limit = { what: `the step ${step.id}`, ms: limitOf(step) * 1000, signal };
  const done = await within(limit, (ending) => act(step, ending)).catch((error: unknown): Done => {
    if (error instanceof Unsupported) return { outcome: "unsupported", detail: error.message };
    return { outcome: "failed", detail: signal.aborted ? "the run was ended" : wholeReasonOf(error) };
  });
  const { outcome = "done", detail = null, exitCode = null, faultId = null } = done;
  const result: StepResult = { ...begun, endedS: nowS(), outcome, detail, exitCode, faultId };
  onStep(result, "end");
  return result;
}

function notReached(step: Step, nowS: number): StepResult {
  return { ...blank(step), startedS: nowS, detail: "it was not reached" };
}

/** A step that was not begun. */
export function blank(step: Step): StepResult {
  return {
    id: step.id,
    text: stepText(step),
    action: step.do,
    plannedS: step.atS,
    startedS: 0,
    endedS: null,
    outcome: "not-reached",
    detail: null,
    exitCode: null,
    faultId: null,
    node: nodeOf(step),
  };
}

/** Why something failed, with the evidence that its error has, on one line. */
function wholeReasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const evidence = "evidence" in error && Array.isArray(error.evidence) ? error.evidence : [];
  return [error.message, ...evidence.map(String)].join("; ");
}
