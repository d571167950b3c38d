import { chmodSync, chownSync, mkdirSync, statfsSync } from "node:fs";
import { clearSandbox } from "./clear.ts";
import { inFolder } from "./folder.ts";
import { launchLabHost } from "./launch.ts";
import { withLock } from "./lock.ts";
import { requireOwnFolder } from "./own-folder.ts";
import type { SandboxPaths } from "./paths.ts";
import { requirePrograms } from "./programs.ts";
import { sandboxStatus, type SandboxStatus } from "./status.ts";

/** What the privileged operations take; `env` gives the proxies and the invoking user. */
export interface SandboxOperation {
  paths: SandboxPaths;
  env?: NodeJS.ProcessEnv;
  /** Told what happens, one short sentence per step. */
  onProgress?: (step: string) => void;
  signal?: AbortSignal | undefined;
}

export interface StartedSandbox extends SandboxStatus {
  /** It was running and answering already; nothing was changed. */
  already: boolean;
}

const PROGRAMS = ["dockerd", "containerd", "runc", "tini", "unshare", "nsenter", "ip", "flock"];
const OVERLAYFS_MAGIC = 0x794c7630;

/** Starts the sandbox as root, or finds it running; a stale one is replaced. Fails leaving nothing behind. */
export async function startAsRoot(operation: SandboxOperation): Promise<StartedSandbox> {
  const { paths, env = process.env, onProgress = () => {}, signal } = operation;
  requirePrograms(PROGRAMS, "the sandbox");
  const onWait = (): void => {
    onProgress("waiting for another mhlab that works on this sandbox");
  };
  const work = async (): Promise<StartedSandbox> => {
    requireOwnFolder(paths.root, env);
    const before = await sandboxStatus(paths);
    if (before.running) {
      grantSocket(paths, env);
      return { ...before, already: true };
    }
    if (before.problem !== null) onProgress(`replacing a stale sandbox: ${before.problem}`);
    await clearSandbox(paths);
    makeFolders({ paths, env, onProgress });
    onProgress(`starting the sandbox in ${paths.root}`);
    try {
      await launchLabHost(paths, env, signal);
    } catch (error) {
      await clearSandbox(paths);
      throw error;
    }
    grantSocket(paths, env);
    return { ...(await sandboxStatus(paths)), already: false };
  };
  return await withLock(paths.lock, () => inFolder(paths, work), { signal, onWait });
}

function makeFolders({ paths, env, onProgress }: Required<Omit<SandboxOperation, "signal">>): void {
  mkdirSync(paths.root, { recursive: true, mode: 0o755 });
  requireOwnFolder(paths.root, env);
  mkdirSync(paths.data, { recursive: true, mode: 0o710 });
  if (statfsSync(paths.data).type === OVERLAYFS_MAGIC) {
    onProgress(
      `${paths.root} is on overlayfs: the engine falls back to the vfs driver, slow and large; ` +
        "MHLAB_SANDBOX_DIR on a real file system or a tmpfs is better",
    );
  }
}

/** Who called us through sudo may use the engine, and nobody else but root. */
function grantSocket(paths: SandboxPaths, env: NodeJS.ProcessEnv): void {
  const uid = Number(env["SUDO_UID"] ?? 0);
  const gid = Number(env["SUDO_GID"] ?? 0);
  chmodSync(paths.socket, 0o600);
  if (Number.isInteger(uid) && uid > 0 && Number.isInteger(gid)) chownSync(paths.socket, uid, gid);
}
