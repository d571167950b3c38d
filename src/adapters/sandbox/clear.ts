import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OperationError } from "../../core/model/errors.ts";
import type { SandboxPaths } from "./paths.ts";
import {
  commandsBeside,
  isCode,
  lingering,
  livingProcess,
  signalProcess,
  stoppedEntrants,
} from "./processes.ts";
import { forgetLabHost, labHostPid } from "./state.ts";

/** A little more than the engine's own limit for stopping containers. */
const GRACE_MS = 3000;
const KILL_MS = 10_000;

/**
 * Ends whatever of the sandbox is alive and removes what it left: processes, mounts and namespaces go with PID 1;
 * control groups, socket and record go by hand. Data stay. Returns whether something was alive.
 */
export async function clearSandbox(paths: SandboxPaths): Promise<boolean> {
  const pid = labHostPid(paths);
  if (pid !== undefined) await endLabHost(pid);
  rmSync(paths.socket, { force: true });
  const resisting = await removeCgroup(paths.cgroupParent);
  if (resisting.length > 0) {
    throw new OperationError("MHLAB_SANDBOX_STOP", "control groups of the sandbox cannot be removed", {
      evidence: resisting,
      hint: "a process that is still in them shows in their cgroup.procs; then stop the sandbox again",
    });
  }
  forgetLabHost(paths);
  return pid !== undefined;
}

async function endLabHost(pid: number): Promise<void> {
  const engines = commandsBeside(pid, "dockerd");
  const startTime = livingProcess(pid)?.startTime;
  const isAlive = (): boolean => livingProcess(pid)?.startTime === startTime && startTime !== undefined;
  for (const engine of engines) signalProcess(engine, "SIGTERM");
  const graceEnds = performance.now() + GRACE_MS;
  while (isAlive() && engineRuns(pid, engines) && performance.now() < graceEnds) await sleep(30);

  if (isAlive()) signalProcess(pid, "SIGKILL"); // The kernel kills all others of the pid namespace with it.
  for (const entrant of stoppedEntrants(pid)) signalProcess(entrant, "SIGCONT");
  const killEnds = performance.now() + KILL_MS;
  while (isAlive()) {
    if (performance.now() > killEnds) {
      throw new OperationError("MHLAB_SANDBOX_STOP", `process ${pid}, the sandbox's PID 1, does not end`, {
        evidence: lingering(),
        hint: "a process in it hangs in the kernel (state D in ps); stop again later or reboot",
      });
    }
    await sleep(20);
  }
}

function engineRuns(labHost: number, engines: readonly number[]): boolean {
  if (existsSync(`/proc/${labHost}/root/run/mhlab/dockerd.exit`)) return false;
  return engines.some((engine) => livingProcess(engine) !== undefined);
}

/** Folders of a control group in every hierarchy (all controllers of v1, or the one of v2) that exist now. */
function cgroupFolders(cgroup: string): string[] {
  const hierarchies = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(" ")[4] ?? "");
  return hierarchies.map((mount) => join(mount, cgroup)).filter((folder) => children(folder) !== undefined);
}

/** Removes a control group and all below it, once its processes are gone; says which folders resisted. */
async function removeCgroup(cgroup: string, timeoutMs = 3000): Promise<string[]> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const left = cgroupFolders(cgroup).filter((folder) => !removeTree(folder));
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(50);
  }
}

function removeTree(folder: string): boolean {
  for (const name of children(folder) ?? []) removeTree(join(folder, name));
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return isCode(error, "ENOENT");
  }
}

function children(folder: string): string[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return undefined;
  }
}
