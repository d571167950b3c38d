/** Keys of a provider in lab.yaml, made from the settings that have a place there. */
import * as z from "zod";
import type { RecordForm } from "../settings/codec.ts";
import type { AnySetting, Read, Section } from "../settings/setting.ts";
import { usualJson } from "../settings/texts.ts";
import { scalar } from "../yaml/scalar.ts";
import { coded } from "../settings/schema-values.ts";

/** The keys of a section that stand in the map `At`; "" is the provider itself. */
type KeyIn<S, At extends string> = S extends { readonly path: infer P extends string }
  ? At extends ""
    ? P extends `${string}.${string}`
      ? never
      : P
    : P extends `${At}.${infer Key}`
      ? Key
      : never
  : never;
type Required<S, At extends string> = { [K in keyof S as KeyIn<S[K], At>]: z.ZodType<Read<S[K]>> };
type Optional<S, At extends string> = {
  [K in keyof S as KeyIn<S[K], At>]: z.ZodOptional<z.ZodType<Read<S[K]>>>;
};

/** The keys of a section in a map of the provider, none of which can be left out. */
export function requiredKeys<S extends Section, const At extends string>(
  section: S,
  at: At,
): Required<S, At> {
  return keysIn(section, at, (schema) => schema) as Required<S, At>;
}

/** The keys of a section in a map of the provider, each of which can be left out. */
export function optionalKeys<S extends Section, const At extends string>(
  section: S,
  at: At,
): Optional<S, At> {
  return keysIn(section, at, (schema) => schema.optional()) as Optional<S, At>;
}

function keysIn(
  section: Section,
  at: string,
  finish: (schema: z.ZodType) => z.ZodType,
): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.values(section).flatMap((setting) => {
      const steps = setting.path.split(".");
      const key = steps.pop();
      return key === undefined || steps.join(".") !== at ? [] : [[key, finish(schemaOf(setting))]];
    }),
  );
}

function schemaOf(setting: AnySetting): z.ZodType {
  const { codec, item = "" } = setting;
  const { schema: description } = setting.text;
  if ("many" in codec.lab) {
    const one = scalar(codec.lab.many.read, { description: item, ...shown(setting) });
    return z.array(one).meta({ description });
  }
  if ("records" in codec.lab) {
    return z.array(recordOf(codec.lab.records, item)).meta({ description });
  }
  return coded(codec, { description, ...shown(setting) });
}

/** A map with the keys of a record; read, it has the names of the model. */
function recordOf({ fields }: RecordForm, description: string): z.ZodType {
  const named = Object.entries(fields);
  const keys = named.map(([, { key, codec, required, schema, examples }]): [string, z.ZodType] => {
    const value = coded(codec, {
      description: schema,
      ...(examples === undefined ? {} : { examples: [...examples] }),
    });
    return [key, required === true ? value : value.optional()];
  });
  return z
    .strictObject(Object.fromEntries(keys))
    .meta({ description })
    .transform((map) =>
      Object.fromEntries(
        named.flatMap(([name, { key }]) => (map[key] === undefined ? [] : [[name, map[key]]])),
      ),
    );
}

/** What editors propose: the examples, else what is usual. */
function shown(setting: AnySetting): { examples?: (string | number)[]; default?: unknown } {
  if (setting.examples !== undefined) return { examples: [...setting.examples] };
  const usual = usualJson(setting);
  return usual === undefined ? {} : { default: usual };
}
