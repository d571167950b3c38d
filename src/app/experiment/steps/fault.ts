import type { Deed } from "../../../core/experiment/model.ts";
import { faultRecord, isFaultKind } from "../../../core/faults/kinds.ts";
import { injectFault } from "../../faults.ts";
import { KEEPALIVE_S } from "../keepalive.ts";
import { memberIn, type StepKind } from "./stage.ts";

/** Injects a fault; it is in force when the step is done. */
export const fault: StepKind<Extract<Deed, { do: "fault" }>> = async (deed, stage, signal) => {
  const { id, kind, provider } = deed;
  const member = memberIn(stage, provider);
  stage.injected.set(id, { provider, kind, id: null });
  const lasts = isFaultKind(kind) && !faultRecord(kind).once;
  const options = { ...deed.options, ...(lasts ? { keepalive: `${KEEPALIVE_S}s` } : {}) };
  const answer = await injectFault(member, { kind, options }, signal);
  stage.injected.set(id, { provider, kind, id: answer.fault.id });
  return { faultId: answer.fault.id, detail: answer.done ?? null };
};
