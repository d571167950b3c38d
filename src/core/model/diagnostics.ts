import type { DiagnosticCode } from "./error-codes.ts";

/** One finding in a text that the user wrote, with its place; line and column count from 1. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters the caret underlines, at least 1. */
  readonly length: number;
  /** The line itself, as written. */
  readonly sourceLine: string;
  /** Path inside the document, such as `providers[1].prefix`. */
  readonly path: string;
  readonly hint?: string;
}
