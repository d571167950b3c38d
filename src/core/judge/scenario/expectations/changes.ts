import type { Band, StepResult } from "../../experiment/record.ts";
import { lastsS } from "../steps/registry.ts";
import { heldFromS, type Judged } from "./kind.ts";

/** Steps that change a lab; what others do to it is not known. */
const CHANGES: ReadonlySet<StepResult["action"]> = new Set(["fault", "heal", "renumber", "restart"]);

type Recorded = Pick<Judged, "steps" | "bands"> & { readonly scenario: Pick<Judged["scenario"], "steps"> };

/**
 * When something was done to the lab: a step began, or a fault or a renumbering ended. In seconds, in order. What is only the
 * end of the step `after` (its command has ended, its node is ready again) is no change for an expectation about that step.
 */
export function changesOf(record: Recorded, after: string | null): number[] {
  const { steps, bands } = record;
  const own = steps.find(({ id }) => id === after);
  const begun = steps.filter(
    ({ action, outcome }) => CHANGES.has(action) && (outcome === "done" || outcome === "failed"),
  );
  const ended = bands.flatMap((band) => {
    if (band.kind === "mark" || (band.kind === "restart" && band.id === after)) return [];
    const isOwn = band.id === after || (own?.faultId != null && band.id === own.faultId);
    return endsOf(band, record).filter((atS) => !isOwn || atS > (own?.endedS ?? own?.startedS ?? 0));
  });
  return [...new Set([...begun.map((step) => heldFromS(record, step)), ...ended])].toSorted(
    (one, other) => one - other,
  );
}

/** A provider tells of a fault's end once all is as before; what a CPE makes of that can be seen already, so the time that was asked for counts too. */
function endsOf({ id, fromS, toS }: Band, { steps, scenario }: Recorded): number[] {
  if (toS === null) return [];
  const step = steps.find(({ faultId }) => faultId === id);
  const plan = scenario.steps.find((one) => one.id === step?.id);
  const seconds = plan === undefined ? undefined : lastsS(plan);
  return seconds === undefined || fromS + seconds >= toS ? [toS] : [fromS + seconds, toS];
}

/** The first change after a moment; undefined when there is none. */
export function changeAfter(changes: readonly number[], atS: number): number | undefined {
  return changes.find((one) => one > atS);
}
