import type { Fault, HeldLease } from "../../../core/faults/fault.ts";
import type { FaultKind } from "../../../core/faults/names.ts";
import type { DeedKind } from "../../../core/faults/registry.ts";

/** What happens once. */
export interface DeedMaker {
  /** Does it, and says in words what was done. */
  do(): Promise<string>;
  /** What is left to do once the answer has left; the agent may not survive it. */
  after?(): void;
}

/** How each is done. */
export type Deeds = Readonly<Record<DeedKind, DeedMaker>>;

/** What is done at the beginning and at the end of a fault that lasts, beside its effects. */
export interface Attendant {
  /** What it will take away; kept with the fault before anything is done. */
  take(fault: Fault): readonly HeldLease[];
  begin(fault: Fault): Promise<void>;
  end(fault: Fault): Promise<void>;
}
/** Of an attendant that only looks. */
export const NOTHING_DONE = { begin: () => Promise.resolve(), end: () => Promise.resolve() };
export type Attendants = Readonly<Partial<Record<FaultKind, Attendant>>>;

/** Ends the agent, and with it its container and every process in that, as a power cut does. */
export const crash: DeedMaker = {
  do: () => Promise.resolve("its BNG dies, and starts anew"),
  after: () => process.kill(process.pid, "SIGKILL"),
};
