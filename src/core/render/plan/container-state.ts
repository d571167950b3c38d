/** What the states of a container mean to the commands. */
import type { NodeAction, Step } from "./plan.ts";

interface StateRule {
  /** Whether it has processes that `stop` and `kill` can end. */
  readonly alive: boolean;
  /** What `up` does with it when its configuration is current; undefined: nothing. */
  readonly up?: Pick<Step, "reason"> & { readonly action: "start" | "recreate" };
}

const GONE: StateRule = {
  alive: false,
  up: { action: "recreate", reason: "the engine could not remove it before" },
};

/** By Docker's word. */
const RULES: Readonly<Record<string, StateRule>> = {
  created: { alive: false, up: { action: "recreate", reason: "left unfinished by an earlier run" } },
  running: { alive: true },
  restarting: { alive: true },
  paused: { alive: true, up: { action: "start", reason: "paused" } },
  exited: { alive: false, up: { action: "start", reason: "stopped" } },
  dead: GONE,
  removing: GONE,
};
/** Our word for a container whose engine does not answer. */
export const UNKNOWN_STATE = "unknown";

const UNKNOWN: StateRule = { alive: false, up: { action: "start", reason: "stopped" } };

/** What `up` does with a container in this state when its configuration is current; undefined: nothing. */
export function upFrom(state: string): StateRule["up"] {
  return (RULES[state] ?? UNKNOWN).up;
}

/** Whether a container in this state is already as an action leaves it. */
export function isIdle(action: NodeAction, state: string): boolean {
  const { alive, up } = RULES[state] ?? UNKNOWN;
  if (action === "restart") return false;
  return action === "start" ? up === undefined : !alive;
}

/** Whether the engine can start a container in this state; one that it was to remove has to be recreated. */
export function canStart(state: string): boolean {
  return RULES[state] !== GONE;
}
