import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { parseNamespacePids, parseProcessStat, type ProcessStat } from "../../core/sandbox/process-stat.ts";

/** Marks every process of a lab host's start chain; its PID 1 keeps it. */
export const ROOT_MARK = "MHLAB_SANDBOX_ROOT";

/** A living process, or undefined: zombies are dead. */
export function livingProcess(pid: number): ProcessStat | undefined {
  const stat = parseProcessStat(readOr(`/proc/${pid}/stat`, ""));
  return stat === undefined || /[ZX]/.test(stat.state) ? undefined : stat;
}

/** The pid of PID 1 of the sandbox in `root`, found without any file: by its mark and its place in its namespace. */
export function findLabHost(root: string): number | undefined {
  return allPids().find((pid) => {
    const inside = parseNamespacePids(readOr(`/proc/${pid}/status`, ""));
    if (inside.length !== 2 || inside[1] !== 1 || livingProcess(pid) === undefined) return false;
    return readOr(`/proc/${pid}/environ`, "").split("\0").includes(`${ROOT_MARK}=${root}`);
  });
}

/** The pids (as the machine sees them) with this command in the pid namespace that the process `pid` lives in. */
export function commandsBeside(pid: number, command: string): number[] {
  const namespace = readLinkOr(`/proc/${pid}/ns/pid`);
  if (namespace === undefined) return [];
  return allPids().filter(
    (other) => livingProcess(other)?.command === command && readLinkOr(`/proc/${other}/ns/pid`) === namespace,
  );
}

/** Names the running kernel since its boot: what was recorded under another one is stale. */
export function bootId(): string {
  return readOr("/proc/sys/kernel/random/boot_id", "unknown").trim();
}

/** Sends a signal; a process that is gone is fine. */
export function signalProcess(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isCode(error, "ESRCH")) throw error;
  }
}

/** Whether an error of the system has this code, such as ENOENT. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function allPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

function readLinkOr(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
