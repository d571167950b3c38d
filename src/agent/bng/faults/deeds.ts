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

/** Ends the agent, and with it its container and every process in that, as a power cut does. */
export const crash: DeedMaker = {
  do: () => Promise.resolve("its BNG dies, and starts anew"),
  after: () => process.kill(process.pid, "SIGKILL"),
};
