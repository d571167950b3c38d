/** What is done to single nodes of a lab by hand, and what they say. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { splitPcapng } from "../support/pcapng.ts";
import { docker, eventually, inLabHost, mhlab } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, startMhlab, statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();
const folder = mkdtempSync(join(tmpdir(), "mhlab-nodes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let file: string;
beforeAll(async () => {
  file = writeLab("nodes", [ALPHA, BETA]);
  await succeed(["up", file]);
});

const stateOf = async (name: string): Promise<string> => {
  const { State } = await docker.getContainer((await containersOf("nodes"))[name] ?? "").inspect();
  return `${State.Status} ${State.ExitCode}`;
};

test("a killed provider ends at once and stays down until it is started, which waits until it is ready", async () => {
  const { stdout } = await succeed(["kill", "alpha"]);
  expect(stdout).toBe("alpha: killed\nstart again with: mhlab start alpha");
  // An engine that is to start it again says `restarting` from its end on.
  expect(await stateOf("alpha")).toBe("exited 137");
  expect((await mhlab(["kill", "alpha"])).stdout).toMatch(/^alpha: was not running\n/);
  expect((await succeed(["start", "alpha"])).stdout).toBe("alpha: ready");
  const alpha = (await statusOf("nodes")).providers.find(({ name }) => name === "alpha");
  expect(alpha).toMatchObject({ state: "running", ready: true, delegations: [{ routed: true }] });
});

test("`up --dry-run --check` tells by its exit code whether a lab is what its file says", async () => {
  await succeed(["up", file, "--dry-run", "--check"]);
  await succeed(["stop", "alpha"]);
  const { code, stdout } = await mhlab(["up", file, "--dry-run", "--check"]);
  expect([code, stdout]).toEqual([4, expect.stringMatching(/start +alpha +stopped/)]);
  await succeed(["start", "alpha"]);
});

test("stop and restart are in good order, for several at once, and told as JSON", async () => {
  const stopped = await succeed(["stop", "home", "home-host1", "--json"]);
  expect(JSON.parse(stopped.stdout)).toEqual({
    lab: "nodes",
    action: "stop",
    nodes: [
      { name: "home", changed: true },
      { name: "home-host1", changed: true },
    ],
  });
  expect([await stateOf("home"), await stateOf("home-host1")]).toEqual(["exited 0", "exited 0"]);
  await succeed(["restart", "home", "home-host1"]);
  expect((await statusOf("nodes")).cpes).toMatchObject([{ ready: true, hosts: [{ ready: true }] }]);
});

test("a node that cannot become ready in time is an error that says what it waits for", async () => {
  await succeed(["stop", "internet", "beta"]);
  const { code, stderr } = await mhlab(["start", "beta", "--timeout", "3"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/MHLAB_NOT_READY {2}not ready after 3 s: beta\n/);
  expect(stderr).toContain("has not answered yet");
  await succeed(["start", "internet", "beta"]);
});

test("a name that there is not changes nothing of the others", async () => {
  const { code, stderr } = await mhlab(["stop", "alpha", "bet"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("did you mean beta?")]);
  expect(await stateOf("alpha")).toMatch(/^running/);
});

test("lines of several nodes come by their times, with who said them", async () => {
  const { stdout } = await succeed(["logs"]);
  const lines = stdout.trimEnd().split("\n");
  const times = lines.flatMap((line) => / \| (\d{4}-[\d-]+T[\d:.]+Z)/.exec(line)?.[1] ?? []);
  expect(times.length).toBeGreaterThan(lines.length / 2);
  // The engine dates a line when it gets it, the agent when it says it.
  const early = times.filter((time, index) => Date.parse(time) < Date.parse(times[index - 1] ?? time) - 500);
  expect(early).toEqual([]);
  const names = new Set(lines.map((line) => /^(\S+) +\| /.exec(line)?.[1]));
  expect(names).toEqual(new Set(["alpha", "beta", "home", "home-host1", "internet"]));
  const two = await succeed(["logs", "alpha", "home", "--tail", "1"]);
  expect(two.stdout).toMatch(/^((alpha|home ) \| .*\n?){2}$/);
});

test("--since leaves out what was said before, and -f goes on over a restart", async () => {
  const since = new Date().toISOString();
  const follow = startMhlab(["logs", "alpha", "beta", "-f", "--since", since]);
  const lines: string[] = [];
  createInterface({ input: follow.stdout }).on("line", (line) => lines.push(line));
  await succeed(["restart", "alpha"]);
  await eventually(() => {
    expect(lines.join("\n")).toMatch(/^alpha \| .*shutting down[^]*^alpha \| .*ready$/m);
  });
  follow.kill("SIGINT");
  await follow;
  expect(new Set(lines).size).toBe(lines.length);
  const { stdout } = await succeed(["logs", "alpha", "--since", since]);
  const alone = stdout.trimEnd().split("\n");
  expect(alone.filter((line) => line.slice(0, since.length) < since)).toEqual([]);
  expect(alone.join("\n")).toContain("shutting down");
  const ofAlpha = lines.flatMap((line) =>
    line.startsWith("alpha | ") ? [line.slice("alpha | ".length)] : [],
  );
  expect(alone.slice(0, ofAlpha.length)).toEqual(ofAlpha);
});

test("packets of a CPE, a host and the internet, by words for their interfaces", async () => {
  const packets = join(folder, "packets.pcapng");
  const capturedOn = async (devices: readonly string[], words: readonly string[]): Promise<string[]> => {
    const capturing = startMhlab(["capture", ...words, "-w", packets]);
    let said = "";
    capturing.stderr.on("data", (piece: Buffer) => (said += piece.toString("utf8")));
    await eventually(() => {
      for (const device of devices) expect(said).toContain(`listening on ${device}`);
    });
    await succeed(["exec", "home-host1", "--", "ping", "-6", "-c", "3", "-i", "0.2", "2001:db8::1"]);
    capturing.kill("SIGINT");
    await capturing;
    expect(said).toMatch(/packets: \d+ on /);
    return splitPcapng(readFileSync(packets))
      .map(({ name }) => name)
      .sort();
  };
  for (const [devices, words] of [
    [["lan0", "wan0", "wan1"], ["home"]],
    [["lan0"], ["home", "--interface", "lan"]],
    [["eth0"], ["home-host1"]],
  ] as const)
    expect(await capturedOn(devices, words)).toEqual(devices);
  const { code, stderr } = await mhlab(["capture", "home", "--uplink", "-w", packets]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("it has: alpha, beta, lan")]);
});

const engineContainer = async (name: string) =>
  docker.getContainer((await containersOf("nodes"))[name] ?? "");
const pauseNode = async (name: string): Promise<void> => void (await (await engineContainer(name)).pause());

test("`up` unpauses a paused provider with its leases, and says so first", async () => {
  await pauseNode("alpha");
  const { stdout: seen } = await mhlab(["status", "nodes"]);
  expect(seen).toMatch(/its container is paused; `mhlab.* up` unpauses it/);
  const { code, stderr } = await mhlab(["exec", "alpha", "--", "true"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("hint: unpause it with: mhlab")]);
  expect((await mhlab(["fault", "inject", "ra-stop", "alpha"])).stderr).toContain("alpha does not run");
  expect((await mhlab(["renumber", "alpha", "2001:db8:e::/48", "--flash"])).stderr).toContain("is paused");
  expect((await mhlab(["logs", "alpha", "--tail", "1"])).code).toBe(0);
  expect((await mhlab(["up", file, "--dry-run"])).stdout).toMatch(/start +alpha +paused/);
  const before = await containersOf("nodes");
  await succeed(["up", file]);
  expect(await containersOf("nodes")).toEqual(before);
  expect(await statusOf("nodes")).toMatchObject({ healthy: true });
});

test.each([
  ["start", "ready", "running 0"],
  ["restart", "ready", "running 0"],
  ["stop", "stopped", "exited 0"],
  ["kill", "killed", "exited 137"],
])("`%s` of a paused host: %s", async (verb, said, state) => {
  await succeed(["start", "home-host1"]);
  await pauseNode("home-host1");
  expect((await succeed([verb, "home-host1"])).stdout).toMatch(new RegExp(`^home-host1: ${said}`));
  expect(await stateOf("home-host1")).toBe(state);
});

test("containers that were only created, or start again and again, are brought up by `up`", async () => {
  await succeed(["up", file]);
  const host = await engineContainer("home-host1");
  const { Config, HostConfig, Name } = await host.inspect();
  await host.remove({ force: true });
  const name = Name.slice(1);
  await docker.createContainer({ ...Config, HostConfig, name });
  // Each end of a process makes the engine wait twice as long before the next start.
  const beta = await engineContainer("beta");
  await eventually(
    async () => {
      const { State } = await beta.inspect();
      if (State.Pid > 0) await inLabHost(["sh", "-c", `kill -9 ${State.Pid} || true`]);
      expect(State.Status).toBe("restarting");
    },
    { timeoutMs: 30_000, everyMs: 50 },
  );
  expect((await mhlab(["stop", "beta"])).stdout).toMatch(/^beta: stopped/);
  expect(await stateOf("beta")).toMatch(/^exited/);
  await succeed(["up", file]);
  expect(await statusOf("nodes")).toMatchObject({ healthy: true });
});
