/** A folder in which a run may lie, as far as a look without reading tells. */
export interface ShelvedRun {
  /** Its name; in a series that of the series, `/`, and its own. */
  readonly id: string;
  /** Another one when a file in it was made, replaced or removed. */
  readonly stamp: string;
  /** Whether the stamp is old enough to be trusted: the next change gives another one. */
  readonly settled: boolean;
}

/** What is in such a folder. */
export interface ShelvedFiles {
  readonly sealed: boolean;
  /** Whether there is a report.html. */
  readonly report: boolean;
  /** Milliseconds since 1970 when progress.json was written; undefined when there is none. */
  readonly progressMs: number | undefined;
  readonly progress: string | undefined;
  readonly record: string | undefined;
}

/** The folder in which runs lie, for one who only looks. Nothing that it gives lies outside of it, also not by a link. */
export interface RunShelf {
  readonly path: string;
  /** All folders in it in which a run may lie, and series of them. Empty when there is no such folder. Rejects with MhlabError MHLAB_RUN_UNREADABLE. */
  list(): Promise<{ readonly runs: readonly ShelvedRun[]; readonly series: readonly ShelvedRun[] }>;
  /** What a run that was listed has. Never rejects: what cannot be read is not there. */
  look(id: string): Promise<ShelvedFiles>;
  /** The report of a run or series that was listed; undefined when it has none. */
  report(id: string): Promise<Uint8Array | undefined>;
}
