import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const LIMIT_MS = 3000;

/** Runs a script on this machine; what it printed, nothing when it could not end. */
export async function runHere(script: string, signal: AbortSignal): Promise<string> {
  return await run("sh", ["-c", script], { signal, timeout: LIMIT_MS }).then(
    ({ stdout }) => stdout,
    () => "",
  );
}
