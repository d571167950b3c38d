import type { Deed } from "../../../core/experiment/model.ts";
import { isFaultKind } from "../../../core/faults/names.ts";
import { faultRecord } from "../../../core/faults/registry.ts";
import { formatSpan } from "../../../core/values/units.ts";
import { injectFault } from "../../faults.ts";
import { memberIn, type StepKind } from "./stage.ts";

/** A run that is killed heals nothing, so a fault that is to last until it is healed ends by itself so long after the run would have. */
const MARGIN_S = 30;

/** Injects a fault; it is in force when the step is done. */
export const fault: StepKind<Extract<Deed, { do: "fault" }>> = async (deed, stage, signal) => {
  const { id, kind, provider } = deed;
  const member = memberIn(stage, provider);
  stage.injected.set(id, { provider, kind, id: null });
  const options = { ...bounded(kind, stage.longestS + MARGIN_S - stage.nowS()), ...deed.options };
  const answer = await injectFault(member, { kind, options }, signal);
  stage.injected.set(id, { provider, kind, id: answer.fault.id });
  return { faultId: answer.fault.id, detail: answer.done ?? null };
};

function bounded(kind: string, forS: number): { for?: string } {
  const lasts = isFaultKind(kind) && faultRecord(kind).nature === "lasting";
  return lasts ? { for: formatSpan(Math.ceil(forS) * 1000) } : {};
}
