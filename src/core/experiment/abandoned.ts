import type { FaultNews } from "./bands.ts";
import type { StepResult } from "./model.ts";

/** Steps as they were, but those failed whose fault ended because the run did not keep it alive: it did not last as planned. */
export function withAbandoned(steps: readonly StepResult[], news: readonly FaultNews[]): StepResult[] {
  return steps.map((step) => {
    const end = news.find(({ reason, fault }) => reason === "abandoned" && fault.id === step.faultId);
    if (end === undefined) return step;
    const detail = `the fault ended after ${end.atS.toFixed(1)} s, because mhlab stood still and did not keep it alive`;
    return { ...step, outcome: "failed", detail };
  });
}
