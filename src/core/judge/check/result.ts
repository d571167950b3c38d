import type { StepResult } from "../experiment/record.ts";
import { evaluate } from "./evaluate.ts";
import type { Facts } from "./facts.ts";
import type { StepTimes, Window } from "./finding.ts";
import type { Packet } from "./packets.ts";
import type { Requirement } from "./requirement.ts";
import { markOf } from "./schedule.ts";
import type { Result } from "./verdict.ts";

/** What a run came to, as far as a check needs it. */
export interface Ran {
  readonly steps: readonly StepResult[];
  readonly durationS: number;
  readonly partial: boolean;
}

/** The window of a requirement; or why there is none. */
export function windowOf(
  { phase, during }: Pick<Requirement, "phase" | "during">,
  { steps, durationS, partial }: Ran,
): Window | string {
  const begin = steps.findIndex(({ id }) => id === markOf(phase));
  const mark = steps[begin];
  if (mark?.outcome !== "done") return "its part of the check was not reached";
  const next = steps.findIndex(({ action }, index) => action === "mark" && index > begin);
  const own = steps.slice(begin, next === -1 ? undefined : next);
  const broken = own.find(({ outcome }) => outcome !== "done");
  if (broken !== undefined)
    return partial && broken.outcome === "not-reached"
      ? "the check was ended before it"
      : `a step of it could not be done: ${broken.text}${broken.detail === null ? "" : `: ${broken.detail}`}`;
  if (during === undefined) {
    const end = next === -1 ? undefined : steps[next];
    return { fromS: mark.startedS, toS: end?.startedS ?? durationS };
  }
  const [from, to] = [during.from, during.to].map((id) => own.find((step) => step.id === id));
  if (from === undefined || to === undefined) return "its steps are not in the record";
  return { fromS: (from.endedS ?? from.startedS) + during.graceS, toS: to.startedS };
}

/** When steps began and ended. */
function timesOf(steps: readonly StepResult[]): StepTimes {
  return new Map(
    steps.map(({ id, startedS, endedS }) => [id, { startedS, endedS: endedS ?? startedS }] as const),
  );
}

/** The result of one requirement. */
export function resultOf(
  requirement: Requirement,
  { ran, facts, packets }: { readonly ran: Ran; readonly facts: Facts; readonly packets: readonly Packet[] },
): Result {
  const { id, document, profile, level, title, phase } = requirement;
  const about = { id, document, profile, level, title, phase };
  const window = windowOf(requirement, ran);
  if (typeof window === "string")
    return {
      ...about,
      verdict: "skipped",
      reason: window,
      samples: 0,
      violations: 0,
      observed: [],
      evidence: [],
      attempts: [],
      fromS: null,
      toS: null,
    };
  const { observed, evidence, ...found } = evaluate(requirement, {
    packets,
    facts,
    window,
    steps: timesOf(ran.steps),
  });
  return { ...about, ...found, observed: [...observed], evidence: [...evidence], attempts: [], ...window };
}
