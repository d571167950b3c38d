import { VALUE_CODES } from "../values/scalars.ts";

/** Permanent codes of the lab file's diagnostics; docs/lab-file.md explains each. */
export const LAB_CODES = [
  "MHLAB_LAB_EMPTY",
  "MHLAB_LAB_NOT_TEXT",
  "MHLAB_LAB_SYNTAX",
  "MHLAB_LAB_DUPLICATE_KEY",
  "MHLAB_LAB_VARIABLE",
  "MHLAB_LAB_TYPE",
  "MHLAB_LAB_UNKNOWN_KEY",
  "MHLAB_LAB_NOT_YET",
  "MHLAB_LAB_MISSING",
  "MHLAB_LAB_NO_PROVIDERS",
  ...VALUE_CODES,
  "MHLAB_LAB_NO_SUBSCRIBER",
  "MHLAB_LAB_DUPLICATE_NAME",
  "MHLAB_LAB_RESERVED_NAME",
  "MHLAB_LAB_PREFIX_OVERLAP",
  "MHLAB_LAB_TUNNEL_OVERLAP",
  "MHLAB_LAB_DELEGATED_LENGTH",
  "MHLAB_LAB_POOL",
  "MHLAB_LAB_NOTHING_TO_DELEGATE",
  "MHLAB_LAB_LIFETIMES",
  "MHLAB_LAB_RA_LIFETIME",
  "MHLAB_LAB_FAR_SIDE_MISSING",
  "MHLAB_LAB_FAR_SIDE_UNUSED",
  "MHLAB_LAB_FAR_SIDE_CLASH",
  "MHLAB_LAB_INTERFACE_CLASH",
  "MHLAB_LAB_UNKNOWN_CPE",
  "MHLAB_LAB_UNUSED_CPE",
  "MHLAB_LAB_UNKNOWN_LAN",
] as const;
export type LabCode = (typeof LAB_CODES)[number];

/** Keys and indices from the root of the document to a value. */
export type Path = readonly (string | number)[];

/** What is wrong with a value, without its place. */
export interface Problem {
  readonly code: LabCode;
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
