import { askEngine } from "./engine-api.ts";
import type { SandboxPaths } from "./paths.ts";
import { hasRecord, labHostPid } from "./state.ts";

/** What `mhlab sandbox status --json` prints; the keys are a contract. */
export interface SandboxStatus {
  running: boolean;
  /** The engine's address as DOCKER_HOST takes it: `unix:///…`. */
  socket: string;
  /** Whether this user may use that engine. */
  usable: boolean;
  /** PID 1 of the lab host as the machine sees it: `nsenter -t PID -n` enters its network. */
  pid: number | null;
  root: string;
  engineVersion: string | null;
  /** Why a sandbox that was started is not usable; `start` mends it. */
  problem: string | null;
}

/** Looks at the sandbox; needs no root and changes nothing. */
export async function sandboxStatus(paths: SandboxPaths): Promise<SandboxStatus> {
  const { root, socket } = paths;
  const down = {
    running: false,
    socket: `unix://${socket}`,
    usable: false,
    pid: null,
    root,
    engineVersion: null,
  };
  const pid = labHostPid(paths);
  if (pid === undefined) return { ...down, problem: hasRecord(paths) ? "its processes are gone" : null };
  const engine = await askEngine(socket);
  if (engine === undefined) return { ...down, problem: "its engine does not answer" };
  const up = { ...down, running: true, pid };
  if (engine === "denied") return { ...up, problem: `you may not use ${socket}` };
  if (!engine.hasContainerd) return { ...down, problem: "its engine lost its containerd" };
  return { ...up, usable: true, engineVersion: engine.version, problem: null };
}
