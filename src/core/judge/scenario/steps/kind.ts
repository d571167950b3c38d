import * as z from "zod";
import {
  entryKind,
  Trouble,
  type EntryKind,
  type EntryWords,
  type Shape,
  type Values,
} from "../entries/entry.ts";
import { named, time } from "../entries/values.ts";

/** A time, or two between which the seed chooses; in seconds. */
export type When = number | { readonly between: readonly number[] };

const AT = "When it starts; left out: once the step before it is done. `{between: [5s, 9s]}`: by the seed.";

const between = z
  .array(time("Seconds since the beginning."))
  .meta({ minItems: 2, maxItems: 2, description: "The earliest and the latest time." });

/** The keys that every step may have. */
const every = {
  id: named("Its name in results; left out: by its place.", "alpha-dies").optional(),
  at: z
    .union([time(AT), z.strictObject({ between })])
    .meta({ description: AT })
    .optional(),
};

type Fields = z.ZodRawShape;
type Own<F extends Fields> = z.output<z.ZodObject<F>>;

/** What a kind of step is: its keys in YAML, its form in the record, its text, and how long it may take. */
interface StepWords<S extends Shape, F extends Fields> extends EntryWords<S, Own<F>> {
  readonly fields: F;
  /** As the user could type it; what no command does, in words. */
  command(step: Own<F>): string;
  /** Seconds after which it is given up. */
  limitS(step: Own<F>): number;
  /** The node that it is about; null where there is none, or several. */
  node(step: Own<F>): string | null;
  /** The file of the run's folder that it writes, and the key that says so. */
  saves?(step: Own<F> & { readonly id: string }): { readonly key: string; readonly file: string } | undefined;
  /** How long what it does is asked to last, in seconds; undefined: until something ends it. */
  lastsS?(step: Own<F>): number | undefined;
}

/** A step as it is written. */
export interface Written<A> {
  readonly id: string | undefined;
  readonly at: When | undefined;
  readonly action: A;
}

/** Makes a kind of step; `action` names it, in YAML and in the record. */
export function stepKind<const K extends string, S extends Shape, F extends Fields>(
  action: K,
  words: StepWords<S, F>,
) {
  const entry: EntryKind<Written<{ readonly do: K } & Own<F>>> = entryKind({
    ...words,
    shape: { ...words.shape, ...every },
    read(values, further) {
      const own = words.read(values as Values<S>, further);
      const { id, at } = values as Values<typeof every>;
      return own instanceof Trouble ? own : { id, at, action: { do: action, ...own } };
    },
  });
  const record = z.object({
    id: z.string(),
    atS: z.number().nullable(),
    do: z.literal(action),
    ...words.fields,
  });
  return { ...words, entry, record };
}
