import { join, normalize } from "node:path";
import { UsageError } from "../../core/model/errors.ts";
import { sandboxMark } from "./texts/engine-config.ts";

/** Where a sandbox keeps its things; everything but the lock lies under `root`. */
export interface SandboxPaths {
  root: string;
  /** The engine's unix socket, usable as DOCKER_HOST=unix://… */
  socket: string;
  /** Images and containers; outlives the sandbox. */
  data: string;
  state: string;
  config: string;
  log: string;
  lock: string;
  /** Control group under which all containers lie, unique per root. */
  cgroupParent: string;
}

/** The names of all that a sandbox puts into its folder. */
export const OWN_NAMES = [
  "data",
  "run",
  "docker.sock",
  "daemon.json",
  "dockerd.log",
  "dockerd.log.1",
  "init.log",
  "lab-host.sh",
  "state.json",
] as const;

const DEFAULT_ROOT = "/var/lib/mhlab/sandbox";
/** sun_path has 108 bytes with the terminator. */
const MAX_SOCKET_BYTES = 107;

/** The paths of the sandbox that the environment selects (MHLAB_SANDBOX_DIR); throws UsageError on an unusable folder. */
export function sandboxPaths(env: NodeJS.ProcessEnv): SandboxPaths {
  const chosen = env["MHLAB_SANDBOX_DIR"];
  return pathsOf(chosen === undefined || chosen === "" ? DEFAULT_ROOT : chosen);
}

/** The paths of the sandbox in a folder; throws UsageError on an unusable folder. */
export function pathsOf(folder: string): SandboxPaths {
  const root = normalize(folder).replace(/(?<=.)\/+$/, "");
  const wrong = wrongRoot(root);
  if (wrong !== undefined) {
    throw new UsageError(`MHLAB_SANDBOX_DIR=${folder}: ${wrong}`, {
      hint: `leave it unset for ${DEFAULT_ROOT}, or name a short absolute path of its own`,
    });
  }
  const mark = sandboxMark(root);
  return {
    root,
    socket: join(root, "docker.sock"),
    data: join(root, "data"),
    state: join(root, "state.json"),
    config: join(root, "daemon.json"),
    log: join(root, "dockerd.log"),
    lock: `/run/mhlab/${mark}.lock`,
    cgroupParent: `/${mark}`,
  };
}

function wrongRoot(root: string): string | undefined {
  if (!root.startsWith("/")) return "the path must be absolute";
  if (root.split("/").length < 3) return "a folder directly under / is not taken, its content could be yours";
  if (/^\/(run|proc|sys|var\/run)\//.test(root)) return "the lab host has its own /run, /proc and /sys";
  if (/[\s,:"\\]/.test(root)) return "blanks, commas, colons, quotes and backslashes cannot be in the path";
  const bytes = Buffer.byteLength(join(root, "docker.sock"));
  if (bytes > MAX_SOCKET_BYTES) {
    return `the engine's socket there would have ${bytes} characters, the kernel allows ${MAX_SOCKET_BYTES}`;
  }
  return undefined;
}
