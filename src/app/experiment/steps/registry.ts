/** What each kind of step does. */
import type { Step } from "../../../core/judge/scenario/steps/registry.ts";
import type { Done } from "./timeline.ts";
import { FAULT_RUNNERS } from "./faults.ts";
import { load } from "./load.ts";
import { NODE_RUNNERS } from "./nodes.ts";
import { PAUSE_RUNNERS } from "./pauses.ts";
import { renumber } from "./renumber.ts";
import type { Runner, Stage } from "./stage.ts";

const RUNNERS: { readonly [K in Step["do"]]: Runner<K> } = {
  ...FAULT_RUNNERS,
  ...NODE_RUNNERS,
  ...PAUSE_RUNNERS,
  renumber,
  load,
};

/** Does one step. Rejects with why it cannot be done. */
export async function doStep(step: Step, stage: Stage, signal: AbortSignal): Promise<Done> {
  return await RUNNERS[step.do](step as never, stage, signal);
}
