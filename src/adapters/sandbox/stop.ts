import { existsSync, rmSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { clearSandbox } from "./clear.ts";
import { inFolder } from "./folder.ts";
import { requireOwnFolder } from "./own-folder.ts";
import { OWN_NAMES } from "./paths.ts";
import { withLock } from "./lock.ts";
import { requirePrograms } from "./programs.ts";
import type { SandboxOperation } from "./start.ts";
import { isCode } from "./processes.ts";
import { hasRecord } from "./state.ts";

export interface StopOperation extends SandboxOperation {
  /** Also remove images and containers, the whole folder. */
  purge?: boolean;
}

export interface StoppedSandbox {
  /** Something was running, if only half. */
  wasRunning: boolean;
  purged: boolean;
}

/** Stops the sandbox as root, whatever state it is in; stopping what does not run is fine. */
export async function stopAsRoot(operation: StopOperation): Promise<StoppedSandbox> {
  const { paths, env = process.env, onProgress = () => {}, signal, purge = false } = operation;
  requirePrograms(["flock"], "the sandbox");
  const work = async (): Promise<StoppedSandbox> => {
    requireOwnFolder(paths.root, env);
    if (hasRecord(paths)) onProgress("stopping the sandbox");
    const wasRunning = await clearSandbox(paths);
    const purged = purge && existsSync(paths.data);
    if (purged) {
      onProgress(`removing ${paths.root}`);
      for (const name of OWN_NAMES) rmSync(join(paths.root, name), { recursive: true, force: true });
      removeIfEmpty(paths.root);
    }
    return { wasRunning, purged };
  };
  return await withLock(paths.lock, () => inFolder(paths, work), { signal });
}

/** What somebody else put into the folder stays. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isCode(error, "ENOTEMPTY") && !isCode(error, "ENOENT")) throw error;
  }
}
