/** How the value of a setting is written in lab.yaml, and so in the document of a BNG. */
import { choice, duration, flag, integer, type ReadScalar } from "../values/scalars.ts";
import { formatDuration } from "../values/units.ts";

/** One value. */
interface ValueForm<T> {
  readonly read: ReadScalar<T>;
  /** What editors check of the text, as JSON Schema. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** In JSON, where numbers and switches need no quotes. */
  readonly toJson: (value: T) => string | number | boolean;
}

/** One value of a record. */
export interface Field<T> {
  readonly key: string;
  readonly codec: Codec<T> & One<T>;
  readonly required?: true;
  /** For editors. */
  readonly schema: string;
  readonly examples?: readonly (string | number)[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- a record holds values of any type
type AnyField = Field<any>;
/** The values of a record, by their names in the model. */
type Fields = Readonly<Record<string, AnyField>>;

/** A list of maps. */
export interface RecordForm {
  readonly fields: Fields;
}

type ValueOf<F> = F extends Field<infer T> ? T : never;
/** What a record reads; what is left out has no key. */
export type RecordOf<F extends Fields> = {
  readonly [K in keyof F as F[K] extends { readonly required: true } ? K : never]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends { readonly required: true } ? never : K]?: ValueOf<F[K]>;
};

/** One value, a list of such, or a list of maps. */
export interface Codec<T> {
  readonly lab:
    | { readonly one: ValueForm<T> }
    | { readonly many: ValueForm<Item<T>> }
    | { readonly records: RecordForm };
  /** The unit of a number, as the tables of the docs name it. */
  readonly unit?: string;
}

interface One<T> {
  readonly lab: { readonly one: ValueForm<T> };
}

type Item<T> = T extends readonly (infer I)[] ? I : never;

const asText = (value: unknown): string => String(value);

/** A whole number in a unit that lab.yaml does not spell out. */
export function whole(min: number, max: number, unit?: string): Codec<number> & One<number> {
  return {
    lab: {
      one: {
        read: integer(min, max),
        schema: { type: ["integer", "string"], pattern: "", minimum: min, maximum: max },
        toJson: (value) => value,
      },
    },
    ...(unit === undefined ? {} : { unit }),
  };
}

/** A time in whole seconds, written with units. */
export function seconds(min: number, max: number): Codec<number> & One<number> {
  return {
    lab: {
      one: {
        read: duration(min, max),
        schema: { pattern: "(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?", minLength: 2 },
        toJson: formatDuration,
      },
    },
    unit: "duration",
  };
}

/** `true` or `false`. */
export const onOff: Codec<boolean> & One<boolean> = {
  lab: {
    one: {
      read: flag,
      schema: { type: ["boolean", "string"], pattern: "" },
      toJson: (value) => value,
    },
  },
};

/** One word of a given set. */
export function word<T extends string>(words: readonly T[]): Codec<T> & One<T> {
  return { lab: { one: { read: choice(words), schema: { enum: words }, toJson: asText } } };
}

/** A value with a reader and a writer of its own; left out, it is written as it is. */
export function text<T>({
  read,
  schema,
  format = asText,
}: Pick<ValueForm<T>, "read" | "schema"> & { readonly format?: (value: T) => string }): Codec<T> & One<T> {
  return { lab: { one: { read, toJson: format, ...(schema === undefined ? {} : { schema }) } } };
}

/** A list of texts. */
export function texts(read: ReadScalar<string>): Codec<readonly string[]> {
  return { lab: { many: { read, toJson: asText } } };
}

/** A list of maps. */
export function records<const F extends Fields>(fields: F): Codec<readonly RecordOf<F>[]> {
  return { lab: { records: { fields } } };
}

/** A value as JSON has it in lab.yaml. */
// oxlint-disable-next-line typescript/no-explicit-any -- of any setting
export function toJson({ lab }: Codec<any>, value: unknown): unknown {
  if ("one" in lab) return lab.one.toJson(value);
  const items = value as readonly unknown[];
  if ("many" in lab) return items.map((item) => lab.many.toJson(item));
  const named = Object.entries(lab.records.fields);
  return (items as readonly Readonly<Record<string, unknown>>[]).map((item) =>
    Object.fromEntries(
      named.flatMap(([name, { key, codec }]) =>
        item[name] === undefined ? [] : [[key, codec.lab.one.toJson(item[name])]],
      ),
    ),
  );
}
