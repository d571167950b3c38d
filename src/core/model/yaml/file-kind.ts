import type { DiagnosticCode } from "../error-codes.ts";
import type { Finding, Path } from "./findings.ts";

/** What one kind of file is called in messages, and what is said of it only. */
export interface FileKind {
  /** With its article: `a lab file`. */
  readonly what: string;
  /** The map at its root, as messages name it: `the lab`. */
  readonly root: string;
  readonly firstKeys: string;
  /** How one begins to write such a file, as a hint. */
  readonly start: string;
  /** Its page of the docs. */
  readonly page: string;
  /** What is to be done about a variable that is not set. */
  readonly unset: (name: string) => { readonly message: string; readonly hint: string };
  /** The code of this kind of file for what every kind can have wrong; the codes of a lab file stand for both. */
  readonly code: (code: DiagnosticCode) => DiagnosticCode;
  /** A missing or empty value of which more is to be said than that. */
  readonly missing?: (path: Path, value: unknown) => Finding | undefined;
}
