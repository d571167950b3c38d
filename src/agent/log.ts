/** One line per event on stdout, which is what `mhlab logs` shows; never a secret. */
export type Level = "info" | "warn" | "error";

const listeners = new Set<(level: Level, message: string) => void>();

/** Calls back for every line that is logged from now on; returns the way to stop it. */
export function onLog(listener: (level: Level, message: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Prints one log line with its UTC time and tells the listeners. */
export function log(level: Level, message: string): void {
  const mark = { info: "", warn: "warning: ", error: "error: " }[level];
  process.stdout.write(`${new Date().toISOString()} ${mark}${message}\n`);
  for (const listener of listeners) listener(level, message);
}
