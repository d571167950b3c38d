import { readFileSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isCode } from "./processes.ts";

/** Folders of a control group in every hierarchy (all controllers of v1, or the one of v2) that exist now. */
function cgroupFolders(cgroup: string): string[] {
  const hierarchies = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(" ")[4] ?? "");
  return hierarchies.map((mount) => join(mount, cgroup)).filter((folder) => children(folder) !== undefined);
}

/** Removes a control group and all below it, once its processes are gone; says which folders resisted. */
export async function removeCgroup(cgroup: string, timeoutMs = 3000): Promise<string[]> {
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
