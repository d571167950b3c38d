import { readFileSync, rmSync } from "node:fs";
import { isOwnFolder, writeOwnFile } from "./own-folder.ts";
import type { SandboxPaths } from "./paths.ts";
import { bootId, findLabHost, isLabHost, livingProcess } from "./processes.ts";

/** What tells the PID 1 of a sandbox from a stranger that was given the same pid later. */
export interface LabHostIdentity {
  pid: number;
  startTime: string;
  bootId: string;
}

/** Records which process is the sandbox's PID 1; readable by all, so that `status` needs no root. */
export function recordLabHost(paths: SandboxPaths, pid: number): void {
  const stat = livingProcess(pid);
  if (stat === undefined) return;
  const identity: LabHostIdentity = { pid, startTime: stat.startTime, bootId: bootId() };
  writeOwnFile(paths.state, `${JSON.stringify(identity)}\n`);
}

/**
 * The pid of the sandbox's living PID 1, or undefined. A record counts when nobody else can have written it, when pid, start
 * time and boot agree, and when the process is one of ours; without a usable record it looks for the mark, which only root can read.
 */
export function labHostPid(paths: SandboxPaths): number | undefined {
  const recorded = isOwnFolder(paths.root) ? readRecord(paths.state) : undefined;
  if (recorded !== undefined && isAlive(recorded) && isLabHost(recorded.pid, paths.root)) return recorded.pid;
  return process.geteuid?.() === 0 ? findLabHost(paths.root) : undefined;
}

/** Whether a record is there, true or stale. */
export function hasRecord(paths: SandboxPaths): boolean {
  return readRecord(paths.state) !== undefined;
}

/** Forgets the record. */
export function forgetLabHost(paths: SandboxPaths): void {
  rmSync(paths.state, { force: true });
}

function isAlive(identity: LabHostIdentity): boolean {
  return identity.bootId === bootId() && livingProcess(identity.pid)?.startTime === identity.startTime;
}

function readRecord(path: string): LabHostIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value !== "object" || value === null) return undefined;
    const { pid, startTime, bootId: boot } = value as Partial<Record<keyof LabHostIdentity, unknown>>;
    if (typeof pid !== "number" || typeof startTime !== "string" || typeof boot !== "string")
      return undefined;
    return { pid, startTime, bootId: boot };
  } catch {
    return undefined;
  }
}
