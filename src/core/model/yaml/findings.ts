import type { DiagnosticCode } from "../error-codes.ts";

/** Keys and indices from the root of the document to a value. */
export type Path = readonly (string | number)[];

/** What is wrong with a value, without its place. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** What would be right. */
  readonly hint: string;
}

/** A problem with its place in the document. */
export interface Finding extends Problem {
  readonly path: Path;
  /** Points at the key instead of its value. */
  readonly on?: "key";
}

/** Writes a path as `providers[1].prefix`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`))
    .join("");
}
