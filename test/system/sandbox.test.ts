import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Dockerode from "dockerode";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { BASE_IMAGE, ensureBaseImage } from "../../src/adapters/docker/base-image.ts";
import { labHostCommand } from "../../src/adapters/sandbox/exec.ts";
import {
  sandboxPaths,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "../../src/adapters/sandbox/sandbox.ts";
import { BIRTH_NAMESPACE } from "../../src/core/names.ts";
import { eventually, run, useSandbox } from "./support/sandbox.ts";

useSandbox();

// A sandbox of its own: these tests kill parts of it.
mkdirSync("/var/lib/mhlab", { recursive: true });
const root = mkdtempSync(`/var/lib/mhlab/sandbox-test-${process.env["MHLAB_TEST_RUN"] ?? process.pid}-`);
const paths = sandboxPaths({ MHLAB_SANDBOX_DIR: root });
const docker = new Dockerode({ socketPath: paths.socket });

const start = () => startSandbox({ paths });
const stop = (purge = false) => stopSandbox({ paths, purge });

/** What the machine has that a sandbox could leave behind. */
function machine(): { mounts: string[]; links: string[]; cgroups: string[] } {
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

async function labHostPid(): Promise<number> {
  const { pid } = await sandboxStatus(paths);
  if (pid === null) throw new Error("not running");
  return pid;
}

async function exec(...argv: string[]): Promise<string> {
  return (await run(labHostCommand(await labHostPid(), paths.socket, argv))).stdout;
}

/** A process of the sandbox by its command, as the machine sees it. */
async function part(command: "dockerd" | "containerd" | "tini" | "unshare"): Promise<number> {
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

async function expectNothingLeft(before: ReturnType<typeof machine>): Promise<void> {
  await eventually(() => {
    expect(processes().filter(({ marked }) => marked)).toEqual([]);
    expect(machine().mounts).toEqual([]);
    expect(machine().cgroups).toEqual([]);
    expect(machine().links).toEqual(before.links);
  });
  expect(statSync(paths.socket, { throwIfNoEntry: false })).toBeUndefined();
}

afterAll(async () => {
  await stop(true);
  rmSync(root, { recursive: true, force: true });
});

describe("a running sandbox", () => {
  test("starts once, and says so the second time", async () => {
    const first = await start();
    const second = await start();
    expect(first).toMatchObject({ running: true, already: false, socket: paths.socket });
    expect(second).toMatchObject({ running: true, already: true, pid: first.pid });
    expect(await sandboxStatus(paths)).toMatchObject({ running: true, pid: first.pid, problem: null });
  });

  test("two that start it at the same time get the same one", async () => {
    await stop();
    const both = await Promise.all([start(), start()]);
    expect(both.filter(({ already }) => already)).toHaveLength(1);
    expect(both[0].pid).toBe(both[1].pid);
  });

  test("is a host of its own: network, interfaces in /sys, name, processes", async () => {
    expect(readlinkSync(`/proc/${await labHostPid()}/ns/net`)).not.toBe(readlinkSync("/proc/self/ns/net"));
    expect((await exec("ls", "/sys/class/net")).split("\n")).toEqual(["lo"]);
    expect(await exec("ip", "-br", "link")).toMatch(/^lo\s+UNKNOWN/);
    expect(await exec("cat", "/proc/sys/net/ipv6/conf/all/disable_ipv6")).toBe("0");
    expect(await exec("cat", "/proc/sys/kernel/hostname")).toBe("mhlab-sandbox");
    expect(await exec("cat", "/proc/1/comm")).toBe("tini");
    expect(readFileSync("/proc/sys/kernel/hostname", "utf8").trim()).not.toBe("mhlab-sandbox");
  });

  test("gives containers its network as the host's, through the bind mount", async () => {
    await ensureBaseImage(docker);
    const mark = `mhtest${process.pid % 1000}`;
    await exec("ip", "link", "add", mark, "type", "veth", "peer", "name", `${mark}p`);
    const container = await docker.createContainer({
      Image: BASE_IMAGE,
      Cmd: ["nsenter", `--net=${BIRTH_NAMESPACE}`, "cat", "/proc/net/dev"],
      HostConfig: {
        NetworkMode: "none",
        Binds: [`/proc/1/ns/net:${BIRTH_NAMESPACE}`],
        CapAdd: ["SYS_ADMIN"],
      },
    });
    await container.start();
    const { StatusCode: code } = await container.wait();
    const seen = String(await container.logs({ stdout: true, stderr: true }));
    await container.remove();
    expect({ code, seen }).toMatchObject({ code: 0, seen: expect.stringContaining(mark) });
    expect(readdirSync("/sys/class/net")).not.toContain(mark);
  });

  test("reaps what its containers leave", async () => {
    const container = await docker.createContainer({
      Image: BASE_IMAGE,
      Cmd: ["true"],
      HostConfig: { NetworkMode: "none" },
    });
    await container.start();
    await container.wait();
    await container.remove();
    await eventually(async () => {
      expect(await exec("ps", "-eo", "stat=,comm=")).not.toMatch(/^Z/m);
    });
  });
});

/** A container that runs for a while, so that there is something to lose. */
async function runContainer(): Promise<void> {
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

describe("a sandbox that lost a part", () => {
  test.each(["dockerd", "tini", "containerd"] as const)(
    "is stale after kill -9 of %s, starts again, stops without a trace",
    async (command) => {
      const before = machine();
      await runContainer();
      const old = await labHostPid();
      process.kill(await part(command), "SIGKILL");
      await eventually(async () => {
        const status = await sandboxStatus(paths);
        expect(status).toMatchObject({ running: false, pid: null, problem: expect.any(String) });
      });
      const again = await start();
      expect(again).toMatchObject({ running: true, already: false, problem: null });
      expect(again.pid).not.toBe(old);
      expect(await exec("cat", "/proc/1/comm")).toBe("tini");
      await runContainer();
      await stop();
      await expectNothingLeft(before);
    },
  );

  test("does not mind the end of the unshare that made it", async () => {
    await runContainer();
    const old = await labHostPid();
    process.kill(await part("unshare"), "SIGKILL");
    expect(await start()).toMatchObject({ running: true, already: true, pid: old });
  });

  test.each(["dockerd", "tini", "containerd", "unshare"] as const)(
    "stops without a trace after kill -9 of %s",
    async (command) => {
      const before = machine();
      await runContainer();
      process.kill(await part(command), "SIGKILL");
      await stop();
      await expectNothingLeft(before);
      expect(await sandboxStatus(paths)).toMatchObject({ running: false, problem: null });
    },
  );

  test("is found without its record", async () => {
    const { pid } = await start();
    rmSync(paths.state);
    expect(await start()).toMatchObject({ already: true, pid });
    rmSync(paths.state, { force: true });
    expect(await stop()).toMatchObject({ wasRunning: true });
  });
});

describe("a record that is wrong", () => {
  const strangers: ReturnType<typeof spawn>[] = [];
  afterEach(() => {
    for (const stranger of strangers.splice(0)) stranger.kill("SIGKILL");
  });

  test("names a pid that a stranger has now: he lives on", async () => {
    await stop();
    const stranger = spawn("sleep", ["60"], { stdio: "ignore" });
    strangers.push(stranger);
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    writeFileSync(paths.state, JSON.stringify({ pid: stranger.pid, startTime: "1", bootId }));
    expect(await sandboxStatus(paths)).toMatchObject({ running: false, pid: null });
    expect(await start()).toMatchObject({ running: true, already: false });
    await stop();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(() => process.kill(stranger.pid ?? 0, 0)).not.toThrow();
  });

  test("is from before a reboot, or no JSON at all: it is replaced", async () => {
    await stop();
    for (const text of [JSON.stringify({ pid: 1, startTime: "1", bootId: "another" }), "{", ""]) {
      writeFileSync(paths.state, text);
      expect(await sandboxStatus(paths)).toMatchObject({ running: false });
    }
    expect(await start()).toMatchObject({ running: true, already: false });
  });
});

describe("a sandbox that cannot start", () => {
  test("shows the engine's last words and leaves nothing", async () => {
    const before = machine();
    await stop();
    rmSync(paths.data, { recursive: true, force: true });
    writeFileSync(paths.data, "not a folder");
    await expect(start()).rejects.toMatchObject({ code: expect.any(String) });
    rmSync(paths.data);
    await expectNothingLeft(before);
  });

  test("an abort ends the start and leaves nothing", async () => {
    const before = machine();
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    await expect(startSandbox({ paths, signal: abort.signal })).rejects.toMatchObject({
      code: "MHLAB_CANCELLED",
    });
    await expectNothingLeft(before);
  });

  test.each([
    [`/${"x".repeat(60)}/${"y".repeat(60)}`, /the kernel allows 107/],
    ["relative/path", /must be absolute/],
    ["/run/mine", /own \/run/],
    ["/etc", /directly under/],
  ])("refuses the folder %s", (folder, message) => {
    expect(() => sandboxPaths({ MHLAB_SANDBOX_DIR: folder })).toThrow(message);
  });
});

describe("stop --purge", () => {
  test("removes the folder, but not what somebody else put there", async () => {
    await start();
    const foreign = join(root, "foreign.txt");
    writeFileSync(foreign, "mine");
    expect(await stop(true)).toEqual({ wasRunning: true, purged: true });
    expect(readdirSync(root)).toEqual(["foreign.txt"]);
    rmSync(foreign);
    await start();
    await stop(true);
    expect(statSync(root, { throwIfNoEntry: false })).toBeUndefined();
    expect(await stop(true)).toEqual({ wasRunning: false, purged: false });
  });
});
