/** Begins and ends faults. */
import { faultRecord, isFaultKind } from "../../../core/model/faults/kinds.ts";
import { type ProviderFault, clearFaults, findFaults, injectFault } from "../../faults.ts";
import { KEEPALIVE_S } from "./keepalive.ts";
import { nodeIn, type Runner, type Stage } from "./stage.ts";

/** Injects a fault; it is in force when the step is done. */
const fault: Runner<"fault"> = async (step, stage, signal) => {
  const { id, kind, provider } = step;
  const node = nodeIn(stage, provider);
  stage.injected.set(id, { provider, kind, id: null });
  const lasts = isFaultKind(kind) && !faultRecord(kind).once;
  const options = { ...step.options, ...(lasts ? { keepalive: `${KEEPALIVE_S}s` } : {}) };
  const answer = await injectFault(node, { kind, options }, signal);
  stage.injected.set(id, { provider, kind, id: answer.fault.id });
  return { faultId: answer.fault.id, detail: answer.done ?? null };
};

/** Ends the fault of a step, all of a provider, or all; nothing of it is in force when the step is done. */
const heal: Runner<"heal"> = async ({ which }, stage, signal) => {
  const { faults } = await findFaults(stage.nodes, signal);
  const cleared = await clearFaults(
    faults.filter((one) => isMeant(one, which, stage)),
    signal,
  );
  const ids = cleared.map((one) => one.fault.id);
  return { detail: ids.length === 0 ? "no fault was in force" : `cleared ${ids.join(", ")}` };
};

function isMeant({ node, fault: { id } }: ProviderFault, which: string, { injected }: Stage): boolean {
  const own = injected.get(which);
  if (own !== undefined) return id === own.id;
  return which === "all" || node.name === which || id === which;
}

export const FAULT_RUNNERS = { fault, heal };
