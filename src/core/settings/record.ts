/** How several values that belong together are written: a map in lab.yaml, `key=value` with commas between in the environment. */
import type { ParseValue } from "../values/parse.ts";
import type { AnyField, Codec, Field, Fields, RecordForm } from "./codec.ts";

type ValueOf<F> = F extends Field<infer T> ? T : never;
/** What a record reads; what is left out has no key. */
export type RecordOf<F extends Fields> = {
  readonly [K in keyof F as F[K] extends { readonly required: true } ? K : never]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends { readonly required: true } ? never : K]?: ValueOf<F[K]>;
};

/** Several records: a list of maps in lab.yaml, with blanks between in the environment. */
export function records<const F extends Fields>(
  fields: F,
  example: string,
): Codec<readonly RecordOf<F>[]> & { readonly lab: { readonly records: RecordForm } } {
  return {
    lab: { records: { fields } },
    environment: {
      parse: parseRecords(fields) as ParseValue<readonly RecordOf<F>[]>,
      right: `${example}, several with blanks between`,
      format: (values) => values.map((value) => formatRecord(fields, value)).join(" "),
    },
  };
}

/** A record as lab.yaml writes it on one line. */
export function writeRecord(fields: Fields, value: Readonly<Record<string, unknown>>): string {
  const pairs = given(fields, value).map(
    ([{ key, codec }, each]) => `${key}: ${String(codec.lab.one.toJson(each))}`,
  );
  return `{${pairs.join(", ")}}`;
}

function formatRecord(fields: Fields, value: Readonly<Record<string, unknown>>): string {
  return given(fields, value)
    .map(([{ key, codec }, each]) => `${key}=${codec.environment.format(each)}`)
    .join(",");
}

function given(fields: Fields, value: Readonly<Record<string, unknown>>): [AnyField, unknown][] {
  return Object.entries(fields).flatMap(([name, field]) =>
    value[name] === undefined ? [] : [[field, value[name]]],
  );
}

function parseRecords(fields: Fields): ParseValue<readonly Record<string, unknown>[]> {
  return (text) => {
    const values = text
      .split(/\s+/)
      .filter((part) => part !== "")
      .map((part) => parseRecord(fields, part));
    const right = values.filter((value) => value !== undefined);
    return right.length === values.length ? right : undefined;
  };
}

function parseRecord(fields: Fields, text: string): Record<string, unknown> | undefined {
  const value: Record<string, unknown> = {};
  for (const pair of text.split(",")) {
    const [key = "", ...rest] = pair.split("=");
    const [name, field] = Object.entries(fields).find(([, each]) => each.key === key) ?? [];
    if (name === undefined || field === undefined || name in value) return undefined;
    const read: unknown = field.codec.environment.parse(rest.join("="));
    if (read === undefined) return undefined;
    value[name] = read;
  }
  const lacks = Object.entries(fields).some(([name, field]) => field.required === true && !(name in value));
  return lacks ? undefined : value;
}
