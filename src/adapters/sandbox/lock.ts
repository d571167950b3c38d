import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Cancelled, StateError } from "../../core/model/errors.ts";

export interface LockOptions {
  signal?: AbortSignal | undefined;
  /** How long to wait for another holder. */
  timeoutS?: number;
  /** Called once when somebody else holds the lock. */
  onWait?: () => void;
}

/**
 * Runs `work` under an exclusive lock on a file. A child holds the lock and lives as long as our pipe to it, so the
 * kernel gives the lock back however we end. Throws StateError when it cannot be had in time.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const release = await takeLock(file, options);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Takes the lock and returns what gives it back; see `withLock`. */
export async function takeLock(file: string, options: LockOptions = {}): Promise<() => Promise<void>> {
  const { signal, timeoutS = 90, onWait } = options;
  mkdirSync(dirname(file), { recursive: true });
  const script = 'flock -n 9 || { echo busy; flock -w "$1" 9 || exit 75; }; echo held; exec cat';
  const child = spawn("sh", ["-c", `exec 9>>"$0"; ${script}`, file, String(timeoutS)], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      resolve();
    });
  });
  const cancel = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    if (signal?.aborted === true) cancel();
    let said = "";
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.startsWith("busy") && !said.includes("held")) onWait?.();
      if (said.includes("held")) break;
    }
    if (!said.includes("held")) {
      if (signal?.aborted === true) throw new Cancelled();
      throw new StateError("MHLAB_SANDBOX_LOCKED", "another mhlab is at work on this sandbox", {
        hint: `wait for it, or see who holds it: fuser -v ${file}`,
        state: "Nothing was changed.",
      });
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
  return async () => {
    child.stdin.end();
    await ended;
  };
}
