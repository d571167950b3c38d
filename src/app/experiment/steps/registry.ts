/** What each kind of step does: one file each. */
import type { Deed, Step } from "../../../core/experiment/model.ts";
import type { Done } from "../timeline.ts";
import { copy } from "./copy.ts";
import { fault } from "./fault.ts";
import { heal } from "./heal.ts";
import { mark } from "./mark.ts";
import { renumber } from "./renumber.ts";
import { restart } from "./restart.ts";
import { run } from "./run.ts";
import type { Stage, StepKind } from "./stage.ts";
import { wait } from "./wait.ts";

const STEPS = { fault, heal, renumber, restart, run, copy, wait, mark } satisfies {
  readonly [D in Deed["do"]]: StepKind<Extract<Deed, { do: D }>>;
};

/** Does one step. Rejects with why it cannot be done. */
export async function doStep(step: Step, stage: Stage, signal: AbortSignal): Promise<Done> {
  return await STEPS[step.do](step as never, stage, signal);
}
