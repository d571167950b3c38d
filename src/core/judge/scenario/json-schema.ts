import * as z from "zod";
import type { JsonSchema } from "../../model/yaml/json-schema.ts";
import type { EntryList } from "./entries/entry.ts";
import { EXPECTATION_LIST } from "./expectations/registry.ts";
import { scenarioSchema } from "./schema.ts";
import { STEP_LIST } from "./steps/registry.ts";

/** The JSON Schema (draft-07) of a scenario, from which editors complete and check. */
export function scenarioJsonSchema(): JsonSchema {
  const schema = structureJsonSchema();
  const { steps, expect, ...properties } = schema.properties ?? {};
  return {
    ...schema,
    properties: { ...properties, steps: listOf(steps, STEP_LIST), expect: listOf(expect, EXPECTATION_LIST) },
  } as JsonSchema;
}

/** The same, of what a step or an expectation can be nothing but that it is a map. */
export function structureJsonSchema(): JsonSchema {
  return (structure ??= z.toJSONSchema(scenarioSchema, { target: "draft-7", io: "input" }));
}

/** Making it takes longer than reading a scenario. */
let structure: JsonSchema | undefined;

function listOf(list: unknown, { kinds }: EntryList<unknown>): object {
  const anyOf = Object.entries(kinds).map(([key, { summary, editorSchema }]) => ({
    title: key,
    description: `It ${summary}.`,
    ...editorSchema(),
  }));
  return { ...(list as object), items: { anyOf } };
}

/** The text of schemas/scenario.schema.json. */
export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`;
}
