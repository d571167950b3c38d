import { readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import {
  parseNamespacePids,
  parseProcessStat,
  parseUserIds,
  type ProcessStat,
} from "./texts/process-stat.ts";

/** Marks every process of a lab host's start chain; its PID 1 keeps it. */
export const ROOT_MARK = "MHLAB_SANDBOX_ROOT";

/** A living process, or undefined: zombies are dead. */
export function livingProcess(pid: number): ProcessStat | undefined {
  const stat = parseProcessStat(readOr(`/proc/${pid}/stat`, ""));
  return stat === undefined || /[ZX]/.test(stat.state) ? undefined : stat;
}

/** The pid of PID 1 of the sandbox in `root`, found without any file; only root can see who it is. */
export function findLabHost(root: string): number | undefined {
  return allPids().find((pid) => isLabHost(pid, root));
}

/**
 * Whether a process is the PID 1 of the sandbox in `root`. Anybody can wear its mark, so it has to be root's in every way, in our
 * own user namespace and on the machine's own root: no user's process and no container. Who is not root sees less, and is
 * told by the user ids alone.
 */
export function isLabHost(pid: number, root: string): boolean {
  const status = readOr(`/proc/${pid}/status`, "");
  const inside = parseNamespacePids(status);
  const users = parseUserIds(status);
  if (inside.at(-1) !== 1 || users.length !== 4 || users.some((uid) => uid !== 0)) return false;
  if (livingProcess(pid) === undefined) return false;
  if (process.geteuid?.() !== 0) return true;
  return (
    inside.length === 2 &&
    readLinkOr(`/proc/${pid}/ns/user`) === readLinkOr("/proc/self/ns/user") &&
    folderId(`/proc/${pid}/root/`) === folderId("/") &&
    readOr(`/proc/${pid}/environ`, "").split("\0").includes(`${ROOT_MARK}=${root}`)
  );
}

function folderId(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/** The pids (as the machine sees them) with this command in the pid namespace that the process `pid` lives in. */
export function commandsBeside(pid: number, command: string): number[] {
  const namespace = readLinkOr(`/proc/${pid}/ns/pid`);
  if (namespace === undefined) return [];
  return allPids().filter(
    (other) => livingProcess(other)?.command === command && readLinkOr(`/proc/${other}/ns/pid`) === namespace,
  );
}

/**
 * The stopped `nsenter` of commands that were put into the namespaces of the process `pid`. Each stops with its command and then
 * does not collect it, so the pid namespace does not end.
 */
export function stoppedEntrants(pid: number): number[] {
  return allPids().filter((other) => {
    const [program, flag, target] = readOr(`/proc/${other}/cmdline`, "").split("\0");
    if (program !== "nsenter" || flag !== "-t" || target !== String(pid)) return false;
    return livingProcess(other)?.state === "T";
  });
}

/** Processes in pid namespaces that do not run, in words: who is dead and not collected, or hangs, in what, and whose child it is. */
export function lingering(): string[] {
  return allPids().flatMap((pid) => {
    const stat = parseProcessStat(readOr(`/proc/${pid}/stat`, ""));
    if (stat === undefined || !/[DZX]/.test(stat.state)) return [];
    if (parseNamespacePids(readOr(`/proc/${pid}/status`, "")).length < 2) return [];
    const parent = parseProcessStat(readOr(`/proc/${stat.parent}/stat`, ""));
    const where = readOr(`/proc/${pid}/wchan`, "").trim();
    return [
      `${pid} ${stat.command}: state ${stat.state}${where === "" || where === "0" ? "" : ` in ${where}`}, child of ${stat.parent} ${parent?.command ?? ""}`,
    ];
  });
}

/** Names the running kernel since its boot: what was recorded under another one is stale. */
export function bootId(): string {
  return readOr("/proc/sys/kernel/random/boot_id", "unknown").trim();
}

/** Sends a signal; a process that is gone is fine. */
export function signalProcess(pid: number, signal: "SIGTERM" | "SIGKILL" | "SIGCONT"): void {
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
