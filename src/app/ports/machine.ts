import type { MachineFacts } from "../../core/wizard/machine.ts";

/** Looks at the machine on which the containers run; never fails, and changes nothing. */
export interface Machine {
  look(signal: AbortSignal): Promise<MachineFacts>;
}
