/** What `up` will do, as data. */
import type { RuntimeOverride } from "../../model/intent/runtime-override.ts";
import type { Role } from "../../model/role.ts";

export type Action = "build" | "remove" | "create" | "recreate" | "update" | "start";

/** One thing that `up` will do, and why. */
export interface Step {
  readonly action: Action;
  readonly name: string;
  readonly role: Role;
  readonly reason: string;
}

/** What can be done to a node that is there, without a lab file. */
export type NodeAction = "stop" | "start" | "restart" | "kill";

/** One thing that is done to a node or an image, and why. */
export interface Deed extends Pick<Step, "name" | "reason"> {
  readonly action: Action | NodeAction;
}

/** The steps in the order in which they are applied, and what stays as it is. */
export interface Plan {
  readonly lab: string;
  readonly steps: readonly Step[];
  readonly unchanged: readonly string[];
  /** What stays above the lab file: `up` leaves overrides alone unless it is told to empty them. */
  readonly overrides: readonly KeptOverride[];
}

export interface KeptOverride {
  readonly name: string;
  readonly override: RuntimeOverride;
}
