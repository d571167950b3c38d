import * as z from "zod";
import type { JsonSchema } from "../yaml/json-schema.ts";
import { labSchema } from "./schema.ts";

/** The JSON Schema (draft-07) of lab.yaml, from which editors complete and check. */
export function labJsonSchema(): JsonSchema {
  return z.toJSONSchema(labSchema, { target: "draft-7", io: "input" });
}

/** The text of schemas/lab.schema.json. */
export function labJsonSchemaText(): string {
  return `${JSON.stringify(labJsonSchema(), undefined, 2)}\n`;
}
