/** Names of files in the folder of a run. */
export const EVENTS_FILE = "events.ndjson";
/** Where files that were copied into nodes are kept, so that a replay has them. */
export const INPUTS = "inputs";
/** Where the output of the tools of loads is kept. */
export const LOADS_FOLDER = "loads";
export const SUMS_FILE = "SHA256SUMS";
/** The images of all nodes, for a replay when they can be built no more. */
export const IMAGES_FILE = "images.tar";
/** What a run tells of itself while it goes on; it is gone once the run is over. */
export const PROGRESS_FILE = "progress.json";

/** A name that a scenario saves to twice, or that the run itself writes to; undefined when there is none. */
export function clashingFile(saved: readonly string[], ofRun: readonly string[]): string | undefined {
  const taken = new Set([...ofRun, EVENTS_FILE, SUMS_FILE, PROGRESS_FILE, IMAGES_FILE]);
  return saved.find((name) => {
    const clash = taken.has(name);
    taken.add(name);
    return clash;
  });
}
