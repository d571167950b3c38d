import type { Deed } from "../../../core/experiment/model.ts";
import { findFaults, clearFaults, type ProviderFault } from "../../faults.ts";
import type { Stage, StepKind } from "./stage.ts";

/** Ends the fault of a step, all of a provider, or all; nothing of it is in force when the step is done. */
export const heal: StepKind<Extract<Deed, { do: "heal" }>> = async ({ which }, stage, signal) => {
  const { faults } = await findFaults(stage.members, signal);
  const cleared = await clearFaults(
    faults.filter((one) => isMeant(one, which, stage)),
    signal,
  );
  const ids = cleared.map(({ fault }) => fault.id);
  return { detail: ids.length === 0 ? "no fault was in force" : `cleared ${ids.join(", ")}` };
};

function isMeant({ member, fault }: ProviderFault, which: string, { injected }: Stage): boolean {
  const own = injected.get(which);
  if (own !== undefined) return fault.id === own.id;
  return which === "all" || member.name === which || fault.id === which;
}
