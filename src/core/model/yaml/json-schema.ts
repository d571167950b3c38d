/** Looks into a JSON Schema by the path of a value, for messages and tables. */
import type { z } from "zod";
import type { Path } from "./findings.ts";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The schema of the value at a path; of a choice, the branch that is a map, with the examples of the choice. */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  let at: JsonSchema | undefined = schema;
  for (const step of path) {
    const map: JsonSchema | undefined = branches(at).find(({ properties }) => properties !== undefined) ?? at;
    at = typeof step === "number" ? single(at?.items) : single(map?.properties?.[step]);
  }
  const map = branches(at).find(({ properties }) => properties !== undefined);
  return map === undefined || at?.examples === undefined ? (map ?? at) : { ...map, examples: at.examples };
}

function branches(schema: JsonSchema | undefined): JsonSchema[] {
  return (schema?.anyOf ?? []).filter((branch): branch is JsonSchema => isSchema(branch));
}

function single(schema: unknown): JsonSchema | undefined {
  return isSchema(schema) ? schema : undefined;
}

/** A value that a schema shows as example or default. */
export function exampleOf(schema: JsonSchema | undefined): string | undefined {
  const items = single(schema?.items);
  if (items !== undefined) {
    const item = exampleOf(items);
    return item === undefined ? undefined : `[${item}]`;
  }
  const example: unknown = schema?.examples?.[0] ?? schema?.default ?? schema?.enum?.[0];
  return typeof example === "string" || typeof example === "number" || typeof example === "boolean"
    ? String(example)
    : undefined;
}

/** The maps, by their key, in which a key is at home. */
export function homesOf(schema: JsonSchema, key: string, title = ""): string[] {
  const own = Object.hasOwn(schema.properties ?? {}, key) && title !== "" ? [title] : [];
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const inner = single(child);
    return inner === undefined
      ? []
      : [inner, single(inner.items), ...branches(inner)].flatMap((each) =>
          each === undefined ? [] : homesOf(each, key, name),
        );
  });
  return [...new Set([...own, ...below])];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
