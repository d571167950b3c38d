/** How one value is written: in lab.yaml by people, in a container's environment by mhlab. */
import { integer as parseInteger, list, oneOf, yesNo, type ParseValue } from "../values/parse.ts";
import { choice, duration, flag, integer, type ReadScalar } from "../values/scalars.ts";
import { formatDuration } from "../values/units.ts";

/** How a value stands in lab.yaml. */
interface LabForm<T> {
  readonly read: ReadScalar<T>;
  /** What editors check of the text, as JSON Schema. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** In JSON, where numbers and switches need no quotes. */
  readonly toJson: (value: T) => string | number | boolean;
}

/** How a value stands in an environment variable. */
interface EnvironmentForm<T> {
  readonly parse: ParseValue<T>;
  /** What would be right, for messages. */
  readonly right: string;
  readonly format: (value: T) => string;
  /** The value is a key or leads to one: messages and plans do not show it. */
  readonly secret?: boolean;
}

/** The unit of a number, as the tables of the docs name it on either side. */
interface Unit {
  readonly lab: string;
  readonly environment: string;
}

/** One value of a record. */
export interface Field<T> {
  /** Its key, in lab.yaml and in the environment. */
  readonly key: string;
  readonly codec: Codec<T> & One<T>;
  readonly required?: true;
  /** For editors. */
  readonly schema: string;
  readonly examples?: readonly (string | number)[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- a record holds values of any type
export type AnyField = Field<any>;
/** The values of a record, by their names in the model. */
export type Fields = Readonly<Record<string, AnyField>>;

/** How a list of records stands in lab.yaml. */
export interface RecordForm {
  readonly fields: Fields;
}

/**
 * The forms of a value; `many` has a list of such in lab.yaml, and commas between in the environment; `records` a list of maps,
 * and blanks between.
 */
export interface Codec<T> {
  /** Left out when lab.yaml cannot say it. */
  readonly lab?:
    | { readonly one: LabForm<T> }
    | { readonly many: LabForm<Item<T>> }
    | { readonly records: RecordForm };
  readonly environment: EnvironmentForm<T>;
  readonly unit?: Unit;
}

/** What lab.yaml can say. */
export interface WithLab {
  readonly lab: object;
}

/** What lab.yaml says in one value. */
interface One<T> {
  readonly lab: { readonly one: LabForm<T> };
}

type Item<T> = T extends readonly (infer I)[] ? I : never;

const asText = (value: unknown): string => String(value);

/** A whole number in a unit that lab.yaml does not spell out. */
export function whole(
  min: number,
  max: number,
  { right = `${min} to ${max}`, unit }: { right?: string; unit?: string } = {},
): Codec<number> & One<number> {
  return {
    lab: {
      one: {
        read: integer(min, max),
        schema: { type: ["integer", "string"], pattern: "", minimum: min, maximum: max },
        toJson: (value) => value,
      },
    },
    environment: { parse: parseInteger(min, max), right, format: asText },
    ...(unit === undefined ? {} : { unit: { lab: unit, environment: unit } }),
  };
}

/** A time in whole seconds: with units in lab.yaml, a bare number in the environment. */
export function seconds(
  min: number,
  max: number,
  right = `${min} to ${max} seconds`,
): Codec<number> & One<number> {
  return {
    lab: {
      one: {
        read: duration(min, max),
        schema: { pattern: "(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?", minLength: 2 },
        toJson: formatDuration,
      },
    },
    environment: { parse: parseInteger(min, max), right, format: asText },
    unit: { lab: "duration", environment: "seconds" },
  };
}

/** A switch: `true` or `false` in lab.yaml, `yes` or `no` in the environment. */
export const onOff: Codec<boolean> & One<boolean> = {
  lab: {
    one: {
      read: flag,
      schema: { type: ["boolean", "string"], pattern: "" },
      toJson: (value) => value,
    },
  },
  environment: { parse: yesNo, right: "yes or no", format: (value) => (value ? "yes" : "no") },
};

/** One word of a given set. */
export function word<T extends string>(words: readonly T[]): Codec<T> & One<T> {
  return {
    lab: { one: { read: choice(words), schema: { enum: words }, toJson: asText } },
    environment: { parse: oneOf(words), right: words.join(", "), format: asText },
  };
}

/** A value whose two forms are the same text. */
export function text<T>({
  read,
  schema,
  ...environment
}: EnvironmentForm<T> & Pick<LabForm<T>, "read" | "schema">): Codec<T> & One<T> {
  return {
    lab: { one: { read, toJson: environment.format, ...(schema === undefined ? {} : { schema }) } },
    environment,
  };
}

/** Several texts: a list in lab.yaml, with commas between in the environment. */
export function texts(form: {
  readonly read: ReadScalar<string>;
  readonly parse: ParseValue<string>;
  readonly right: string;
}): Codec<readonly string[]> & WithLab {
  return {
    lab: { many: { read: form.read, toJson: asText } },
    environment: { parse: list(form.parse), right: form.right, format: (values) => values.join(",") },
  };
}
