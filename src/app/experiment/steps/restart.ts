import type { Deed } from "../../../core/experiment/model.ts";
import { control } from "../../control.ts";
import { memberIn, type StepKind } from "./stage.ts";

/** Shorter than the step's own limit, so that its error is the one that is told. */
const READY_MS = 110_000;

/** Stops, starts, restarts or kills a member; one that starts is ready when the step is done. */
export const restart: StepKind<Extract<Deed, { do: "restart" }>> = async (
  { member: name, how },
  stage,
  signal,
) => {
  const options = { action: how, timeoutMs: READY_MS, report: () => undefined, signal };
  const [done] = await control([memberIn(stage, name)], stage, options);
  if (done?.changed === false) return { detail: "it was so already" };
  return { detail: done?.warning ?? null };
};
