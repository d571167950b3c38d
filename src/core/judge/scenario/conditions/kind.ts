import * as z from "zod";
import type { Observed } from "../../experiment/record.ts";
import type { Timeline } from "../../experiment/timeline.ts";
import type { EntryWords, Shape, Values } from "../entries/entry.ts";

/** What was recorded, before anything follows from it. */
export type Recorded = Pick<
  Observed,
  "facts" | "probes" | "flows" | "nodes" | "durationS" | "unheard" | "scenario"
>;

/** What a kind of condition is as data, beside `is`. */
type Fields = z.ZodRawShape;
type Own<F extends Fields> = z.output<z.ZodObject<F>>;

/** One kind of condition: its keys in YAML, its form in the record, its text, and how a record shows when it was true. */
export interface ConditionWords<S extends Shape, F extends Fields> extends Omit<
  EntryWords<S, Own<F>>,
  "read"
> {
  readonly fields: F;
  read(values: Values<S>): Own<F>;
  /** As in `wait until …`. */
  text(condition: Own<F>): string;
  /** Whether it is the lack of something, which proves nothing where that was never there. */
  isLack(condition: Own<F>): boolean;
  /** Undefined: the record holds nothing that could tell. */
  timeline(condition: Own<F>, record: Recorded): Timeline | undefined;
}

/** Makes a kind of condition; `is` names it, in YAML and in the record. */
export function conditionKind<const K extends string, S extends Shape, F extends Fields>(
  is: K,
  words: ConditionWords<S, F>,
) {
  return {
    ...words,
    record: z.object({ is: z.literal(is), ...words.fields }),
    read: (values: Values<S>): { readonly is: K } & Own<F> => ({ is, ...words.read(values) }),
  };
}
