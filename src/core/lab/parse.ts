import type { Diagnostic } from "../diagnostics.ts";
import type { Finding } from "./findings.ts";
import { interpolate } from "./interpolate.ts";
import { explainIssues } from "./issues.ts";
import { lookedUpVariables } from "./looked-up.ts";
import type { Lab } from "./model.ts";
import { resolveLab } from "./resolve.ts";
import { checkRules } from "./rules.ts";
import { labSchema } from "./schema.ts";
import { readSyntax, type LabDocument } from "./syntax.ts";

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
export function parseLab(text: string, { file, env }: ParseLabOptions): ParsedLab {
  const read = readSyntax(text, file);
  if ("diagnostics" in read) return read;
  const { findings: missing, used } = interpolate(read.document, env);
  if (missing.length > 0) return { diagnostics: place(read, missing) };
  const data = toPlain(read);
  if ("diagnostics" in data) return data;
  const checked = labSchema.safeParse(data.value);
  if (!checked.success) return { diagnostics: place(read, explainIssues(checked.error.issues, data.value)) };
  const findings = checkRules(checked.data);
  if (findings.length > 0) return { diagnostics: place(read, findings) };
  const lab = resolveLab(checked.data);
  return { lab, warnings: [...read.warnings], lookedUp: lookedUpVariables(lab, used) };
}

function place({ text, document, warnings }: LabDocument, findings: readonly Finding[]): Diagnostic[] {
  const placed = findings.map((finding) => text.diagnose(document, finding));
  return [...warnings, ...placed].sort((one, other) => one.line - other.line || one.column - other.column);
}

function toPlain({ text, document }: LabDocument): { value: unknown } | { diagnostics: Diagnostic[] } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value };
  } catch {
    // yaml throws for aliases that contain themselves or multiply without end, and for merges of what is no map.
    const problem = {
      code: "MHLAB_LAB_SYNTAX",
      message: "the aliases (*name) or merges (<<) of this file cannot be unfolded",
      hint: "write the values out instead of repeating them by alias; what is merged has to be a map",
    } as const;
    return { diagnostics: [text.diagnoseAt([0, 1], problem)] };
  }
}
