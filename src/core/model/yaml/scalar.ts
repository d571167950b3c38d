import * as z from "zod";
import { BadValue, type ReadScalar } from "../values/scalars.ts";

/** What editors show and check for one value. */
export interface Describe extends Record<string, unknown> {
  readonly description: string;
  readonly examples?: (string | number | boolean)[];
  /** A regular expression without anchors; a variable is allowed as well. */
  readonly pattern?: string;
}

/** What stands for a value until its variables are known. */
export const VARIABLE = "\\$\\{.*\\}";

/** A value of the file: text for the parser (YAML is read as text throughout), `json` for editors. */
export function scalar<T>(read: ReadScalar<T>, json: Describe): z.ZodType<T, string> {
  const pattern = json.pattern === undefined ? {} : { pattern: `^(${VARIABLE}|${json.pattern})$` };
  // zod keeps examples and defaults of the text, and drops those of a transformed value.
  return z
    .string()
    .meta({ ...json, ...pattern })
    .transform((text, context) => {
      const value = read(text);
      if (!(value instanceof BadValue)) return value;
      context.addIssue({ code: "custom", message: value.message, params: { problem: value } });
      return z.NEVER;
    });
}
