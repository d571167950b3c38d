import type { Diagnostic } from "../diagnostics.ts";
import { interpolate } from "../yaml/interpolate.ts";
import { explainIssues } from "../yaml/issues.ts";
import { lookedUpVariables } from "./looked-up.ts";
import type { Lab } from "./model.ts";
import { LAB_FILE_KIND } from "./file-kind.ts";
import { labJsonSchema } from "./json-schema.ts";
import { resolveLab } from "./resolve.ts";
import { checkRules } from "./rules.ts";
import { labFileOf, labSchema } from "./schema.ts";
import { place, toPlain } from "../yaml/plain.ts";
import { readSyntax } from "../yaml/syntax.ts";

export interface ParseLabOptions {
  /** The file's name as diagnostics show it. */
  readonly file: string;
  /** Values for `${VAR}`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ParsedLab =
  | {
      readonly lab: Lab;
      readonly warnings: Diagnostic[];
      /** Variables whose values became part of a name that is looked up. */
      readonly lookedUp: readonly string[];
      readonly diagnostics?: never;
    }
  | { readonly diagnostics: Diagnostic[]; readonly lab?: never; readonly warnings?: never };

/**
 * Reads a lab file: YAML, variables, structure and values, rules, defaults.
 * Each stage reports all that it finds, in the order of the file; later stages then do not run.
 */
export function parseLab(text: string, { file: fileName, env }: ParseLabOptions): ParsedLab {
  const read = readSyntax(text, { file: fileName, kind: LAB_FILE_KIND });
  if ("diagnostics" in read) return read;
  const { findings: missing, used } = interpolate(read.document, env, LAB_FILE_KIND);
  if (missing.length > 0) return { diagnostics: place(read, missing) };
  const data = toPlain(read);
  if ("diagnostics" in data) return data;
  const checked = labSchema.safeParse(data.value);
  if (!checked.success) {
    const about = { data: data.value, schema: labJsonSchema(), kind: LAB_FILE_KIND };
    return { diagnostics: place(read, explainIssues(checked.error.issues, about)) };
  }
  const file = labFileOf(checked.data);
  const findings = checkRules(file);
  if (findings.length > 0) return { diagnostics: place(read, findings) };
  const lab = resolveLab(file);
  return { lab, warnings: [...read.warnings], lookedUp: lookedUpVariables(lab, used) };
}
