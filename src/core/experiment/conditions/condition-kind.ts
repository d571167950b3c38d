import type { Condition, RunRecord } from "../model.ts";
import type { Timeline } from "../timeline.ts";

/** What was recorded, before anything follows from it. */
export type Recorded = Pick<RunRecord, "facts" | "probes" | "flows" | "members" | "durationS" | "unheard"> & {
  readonly scenario: Pick<RunRecord["scenario"], "flows" | "probes">;
};

/** One kind of condition: how it is told, and how a record shows when it was true. */
export interface ConditionKind<C extends Condition> {
  /** As in `wait until …`. */
  text(condition: C): string;
  /** Whether it is the lack of something, which proves nothing where that was never there. */
  isLack(condition: C): boolean;
  /** Undefined: the record holds nothing that could tell. */
  timeline(condition: C, record: Recorded): Timeline | undefined;
}

/** The conditions of one kind. */
export type Of<K extends Condition["is"]> = Extract<Condition, { is: K }>;
