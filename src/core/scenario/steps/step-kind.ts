import type { Deed } from "../../experiment/model.ts";
import type { EntryKind } from "../entry.ts";

/** One kind of step: its words in a scenario, and in a shell. */
export interface StepKind<D extends Deed = Deed> {
  readonly entry: EntryKind<D>;
  /** As the user could type it; what no command does, in words. */
  command(deed: D): string;
}
