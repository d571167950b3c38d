import type { StepResult } from "../model.ts";
import type { Judged } from "./claim-kind.ts";

/** Steps that change a lab; what others do to it is not known. */
const CHANGES: ReadonlySet<StepResult["deed"]> = new Set(["fault", "heal", "renumber", "restart"]);

/** When something was done to the lab: a step began, or a fault or a renumbering ended. In seconds, in order. */
export function changesOf({ steps, bands }: Pick<Judged, "steps" | "bands">): number[] {
  const begun = steps.filter(
    ({ deed, outcome }) => CHANGES.has(deed) && (outcome === "done" || outcome === "failed"),
  );
  const ended = bands.flatMap(({ kind, toS }) => (kind === "mark" || toS === null ? [] : [toS]));
  return [...new Set([...begun.map(({ startedS }) => startedS), ...ended])].toSorted(
    (one, other) => one - other,
  );
}

/** The first change after a moment; undefined when there is none. */
export function changeAfter(changes: readonly number[], atS: number): number | undefined {
  return changes.find((one) => one > atS);
}
