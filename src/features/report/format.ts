import type { RunRecord } from "../../core/judge/scenario/record.ts";

/** What a file of a run's folder holds. */
export type Content = string | Uint8Array;

/** One file of the folder of a run, as far as it follows from the record. */
export interface Format {
  readonly path: string;
  /** What is in it, as a sentence. */
  readonly what: string;
  /** Who opens it. */
  readonly reader: string;
  /** Whether it is to be compressed by gzip before it is written. */
  readonly gzip?: true;
  /** `files` are all files of the folder. */
  readonly write: (record: RunRecord, files: readonly FolderFile[]) => Content;
}

/** A file of a run's folder, for those that describe the folder. */
export type FolderFile = Pick<Format, "path" | "what" | "reader">;
