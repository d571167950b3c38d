import type { Diagnostic } from "../diagnostics.ts";
import type { Finding } from "./findings.ts";
import type { WrittenDocument } from "./syntax.ts";

/** The diagnostics of findings beside the warnings that there are, in the order of the file. */
export function place(
  { text, document, warnings }: WrittenDocument,
  findings: readonly Finding[],
): Diagnostic[] {
  const placed = findings.map((finding) => text.diagnose(document, finding));
  return [...warnings, ...placed].sort((one, other) => one.line - other.line || one.column - other.column);
}

/** The values of a document, aliases and merges unfolded. */
export function toPlain({
  text,
  document,
}: WrittenDocument): { value: unknown } | { diagnostics: Diagnostic[] } {
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
