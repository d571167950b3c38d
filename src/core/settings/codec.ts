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

/** The forms of a value; `many` has a list of such in lab.yaml, and commas between in the environment. */
export interface Codec<T> {
  /** Left out when lab.yaml cannot say it. */
  readonly lab?: { readonly one: LabForm<T> } | { readonly many: LabForm<Item<T>> };
  readonly environment: EnvironmentForm<T>;
  readonly unit?: Unit;
}

/** What lab.yaml can say. */
export interface WithLab {
  readonly lab: object;
}

type Item<T> = T extends readonly (infer I)[] ? I : never;

const asText = (value: unknown): string => String(value);

/** A whole number in a unit that lab.yaml does not spell out. */
export function whole(
  min: number,
  max: number,
  { right = `${min} to ${max}`, unit }: { right?: string; unit?: string } = {},
): Codec<number> & WithLab {
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
): Codec<number> & WithLab {
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
export const onOff: Codec<boolean> & WithLab = {
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
export function word<T extends string>(words: readonly T[]): Codec<T> & WithLab {
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
}: EnvironmentForm<T> & Pick<LabForm<T>, "read" | "schema">): Codec<T> & WithLab {
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
