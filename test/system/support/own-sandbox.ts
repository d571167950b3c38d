/** A sandbox of its own for tests that kill parts of it, and what they look at on the machine. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import Dockerode from "dockerode";
import { expect } from "vitest";
import { ensureBaseImage } from "../../../src/adapters/docker/base-image.ts";
import { BASE_IMAGE } from "../../../src/core/model/names.ts";
import { labHostCommand } from "../../../src/adapters/sandbox/exec.ts";
import {
  sandboxPaths,
  sandboxStatus,
  type StartedSandbox,
  type StoppedSandbox,
} from "../../../src/adapters/sandbox/sandbox.ts";
import { startAsRoot } from "../../../src/adapters/sandbox/start.ts";
import { stopAsRoot } from "../../../src/adapters/sandbox/stop.ts";
import { run } from "./command.ts";
import { eventually } from "./sandbox.ts";

mkdirSync("/var/lib/mhlab", { recursive: true });
export const root = mkdtempSync(
  `/var/lib/mhlab/sandbox-test-${process.env["MHLAB_TEST_RUN"] ?? process.pid}-`,
);
export const paths = sandboxPaths({ MHLAB_SANDBOX_DIR: root });
export const docker = new Dockerode({ socketPath: paths.socket });

/** Starts it. */
export const start = (): Promise<StartedSandbox> => startAsRoot({ paths });
/** Stops it. */
export const stop = (purge = false): Promise<StoppedSandbox> => stopAsRoot({ paths, purge });

/** What the machine has that a sandbox could leave behind. */
export function machine(): { mounts: string[]; links: string[]; cgroups: string[] } {
  const cgroups = readdirSync("/sys/fs/cgroup", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((folder) => folder.includes(paths.cgroupParent));
  return {
    mounts: readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .filter((line) => line.includes(root)),
    links: readdirSync("/sys/class/net"),
    cgroups,
  };
}

function processes(): { pid: number; parent: number; command: string; namespace: string; marked: boolean }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, command = "", state = "", parent = ""] =
          /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
        if (state === "Z") return [];
        const marked = readFileSync(`/proc/${name}/environ`, "utf8").includes(root);
        const namespace = readlinkSync(`/proc/${name}/ns/pid`);
        return [{ pid: Number(name), parent: Number(parent), command, namespace, marked }];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

export async function labHostPid(): Promise<number> {
  const { pid } = await sandboxStatus(paths);
  if (pid === null) throw new Error("not running");
  return pid;
}

export async function exec(...argv: string[]): Promise<string> {
  return (await run(labHostCommand(await labHostPid(), paths.socket, argv))).stdout;
}

/** A process of the sandbox by its command, as the machine sees it. */
export async function part(command: "dockerd" | "containerd" | "tini" | "unshare"): Promise<number> {
  const labHost = await labHostPid();
  if (command === "tini") return labHost;
  const found = processes().find((one) =>
    command === "unshare"
      ? processes().find(({ pid }) => pid === labHost)?.parent === one.pid
      : one.command === command && one.namespace === readlinkSync(`/proc/${labHost}/ns/pid`),
  );
  if (found === undefined) throw new Error(`no ${command}`);
  return found.pid;
}

export async function expectNothingLeft(before: ReturnType<typeof machine>): Promise<void> {
  await eventually(() => {
    expect(processes().filter(({ marked }) => marked)).toEqual([]);
    expect(machine().mounts).toEqual([]);
    expect(machine().cgroups).toEqual([]);
    expect(machine().links).toEqual(before.links);
  });
  expect(statSync(paths.socket, { throwIfNoEntry: false })).toBeUndefined();
}

/** A container that runs for a while, so that there is something to lose. */
export async function runContainer(): Promise<void> {
  await start();
  await ensureBaseImage(docker);
  const host = { NetworkMode: "none", AutoRemove: true };
  const container = await docker.createContainer({
    Image: BASE_IMAGE,
    Cmd: ["sleep", "300"],
    HostConfig: host,
  });
  await container.start();
}
