import { spawn } from "node:child_process";
import { readFileSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { ensureBaseImage } from "../../src/adapters/docker/base-image.ts";
import { labHostCommand } from "../../src/adapters/sandbox/exec.ts";
import { sandboxPaths, sandboxStatus } from "../../src/adapters/sandbox/sandbox.ts";
import { startAsRoot } from "../../src/adapters/sandbox/start.ts";
import { BASE_IMAGE, BIRTH_NAMESPACE, Label } from "../../src/core/model/names.ts";
import {
  docker,
  exec,
  expectNothingLeft,
  labHostPid,
  machine,
  part,
  paths,
  root,
  runContainer,
  start,
  stop,
} from "./support/own-sandbox.ts";
import { eventually, PROJECT, run, useSandbox } from "./support/sandbox.ts";

useSandbox();

afterAll(async () => {
  await stop(true);
  rmSync(root, { recursive: true, force: true });
});

describe("a running sandbox", () => {
  test("starts once, and says so the second time", async () => {
    const first = await start();
    const second = await start();
    expect(first).toMatchObject({ running: true, already: false, socket: `unix://${paths.socket}` });
    expect(second).toMatchObject({ running: true, already: true, pid: first.pid });
    expect(await sandboxStatus(paths)).toMatchObject({ running: true, pid: first.pid, problem: null });
  });

  test("the socket that its status prints works as DOCKER_HOST as it stands", async () => {
    const env = { MHLAB_SANDBOX_DIR: root };
    const cli = join(PROJECT, "bin/mhlab.js");
    const { stdout } = await run([process.execPath, cli, "sandbox", "status", "--json"], { env });
    const { socket } = JSON.parse(stdout) as { socket: string };
    const { code } = await run(["docker", "ps"], { env: { DOCKER_HOST: socket }, check: false });
    expect(code).toBe(0);
  });

  test("on a machine without an engine, commands use it and say so; MHLAB_SANDBOX=1 says nothing", async () => {
    // A mount namespace hides the engine of this machine, if it has one.
    const ls = ["sh", "-c", 'mount -t tmpfs none /run && exec "$0" "$@"', process.execPath];
    const argv = ["unshare", "-m", ...ls, join(PROJECT, "bin/mhlab.js"), "ls", "--json"];
    const env = { MHLAB_SANDBOX_DIR: root, MHLAB_STATE_DIR: root };
    const { stdout, stderr } = await run(argv, { env });
    expect(JSON.parse(stdout)).toEqual({ labs: [] });
    expect(stderr).toContain("using the sandbox, as --sandbox does");
    expect((await run(argv, { env: { ...env, MHLAB_SANDBOX: "1" } })).stderr).toBe("");
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
    const how = await ensureBaseImage(docker);
    const { Labels } = (await docker.getImage(BASE_IMAGE).inspect()).Config;
    // By this `image prune` knows those that it may remove once they are replaced.
    expect(Labels?.[Label.base]).toBe(how === "bootstrapped" ? "bootstrapped" : undefined);
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

  test("ends although a command in it was stopped", async () => {
    await start();
    const words = labHostCommand(await labHostPid(), paths.socket, ["sh", "-c", "kill -STOP $$"]);
    const entrant = spawn(words[0] ?? "", words.slice(1), { stdio: "ignore" });
    const ended = new Promise((resolve) => entrant.once("close", resolve));
    const stateOf = (): string =>
      /^State:\s+(\S)/m.exec(readFileSync(`/proc/${entrant.pid}/status`, "utf8"))?.[1] ?? "";
    await eventually(() => expect(stateOf()).toBe("T"));
    await stop();
    await ended;
    expect(await sandboxStatus(paths)).toMatchObject({ running: false, pid: null });
  });

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
    await expect(startAsRoot({ paths, signal: abort.signal })).rejects.toMatchObject({
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
