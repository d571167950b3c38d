/** The environment of a BNG, by the settings that have a variable. */
import type { EnvironmentReader } from "./environment-reader.ts";
import { entries, sections, type Entry, type Given } from "./registry.ts";
import { emptyGiven, basisOf, settle } from "./settle.ts";

const isRequired = ({ setting }: Entry): boolean => "required" in setting.default;
/** What has no default is missed first. */
const inOrder = [...entries.filter(isRequired), ...entries.filter((entry) => !isRequired(entry))];

/** Reads every variable that is set; what is wrong or missing is told to the reader. */
export function readVariables(reader: EnvironmentReader): Given {
  const given = emptyGiven();
  const basis = basisOf(given, {});
  for (const { section, key, setting } of inOrder) {
    const { variable, codec, readFrom } = setting;
    if (variable === undefined) continue;
    const { parse, right, secret = false } = codec.environment;
    const values: Record<string, unknown> = given[section];
    if (readFrom !== undefined) values[key] = readFrom(reader, basis);
    else if ("required" in setting.default) {
      const { example } = setting.default;
      values[key] = reader.required(variable, {
        parse,
        right,
        secret,
        ...(example === undefined ? {} : { example }),
      });
    } else values[key] = reader.optional(variable, parse, right);
  }
  return given;
}

/** Writes what is given; a quiet setting is left out while it has the default of a BNG. */
export function writeVariables(given: Given): Record<string, string> {
  const usual = settle(emptyGiven());
  return Object.fromEntries(
    entries.flatMap(({ section, key, setting: { variable, quiet, codec } }) => {
      const value = (given[section] as Readonly<Record<string, unknown>>)[key];
      if (variable === undefined || value === undefined) return [];
      const { format } = codec.environment;
      const text = format(value);
      const byItself = quiet === true && text === format((usual[section] as Record<string, unknown>)[key]);
      return byItself ? [] : [[variable, text]];
    }),
  );
}

/** Whether any variable of a section was complained about. */
export function isWrong(section: keyof typeof sections, { errors }: EnvironmentReader): boolean {
  const variables = new Set(Object.values(sections[section]).map((setting) => setting.variable));
  return errors.some(({ variable }) => variables.has(variable));
}
