/** One lab on two engines, each with a host of its own: made, asked, moved and removed as one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngine } from "../../../src/adapters/docker/engine.ts";
import { parseEndpoint } from "../../../src/adapters/docker/endpoint.ts";
import { sandboxStatus } from "../../../src/adapters/sandbox/sandbox.ts";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import * as second from "../support/own-sandbox.ts";
import { openPlainEngine, type RemoteEngine } from "../support/remote-engine.ts";
import { docker, imageOf, mhlab, paths, run, useSandbox, type CommandResult } from "../support/sandbox.ts";

useSandbox();

const folder = mkdtempSync(join(tmpdir(), "mhlab-engines-"));
const LAB = "two-machines";
const FILE = join(folder, "lab.yaml");
let plain: RemoteEngine;

beforeAll(async () => {
  plain = await openPlainEngine();
  const images = await Promise.all(["bng", "internet", "cpe"].map(imageOf));
  await second.start();
  const { reader } = openEngine(parseEndpoint(paths.socket, {}), {});
  await second.docker.loadImage(Readable.from(await reader.saveImages(images)));
  await joinHosts();
}, 300_000);
afterAll(async () => {
  await mhlab(["down", FILE, "--purge", "--yes"], { env: NO_SANDBOX });
  await Promise.all([plain.close(), second.stop(true)]);
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

const NO_SANDBOX = { MHLAB_SANDBOX: "0", DOCKER_HOST: "" };

/** A cable between the two hosts, as machines on one network have it. */
async function joinHosts(): Promise<void> {
  const [first, other] = [(await sandboxStatus(paths)).pid, await second.labHostPid()];
  const inside = (pid: number | null, ...argv: string[]) =>
    run(["nsenter", "-t", String(pid), "-n", "ip", ...argv]);
  await inside(first, "link", "add", "eng0", "type", "veth", "peer", "name", "eng0", "netns", String(other));
  for (const [pid, address] of [
    [first, "192.0.2.11/24"],
    [other, "192.0.2.12/24"],
  ] as const) {
    await inside(pid, "address", "add", address, "dev", "eng0");
    await inside(pid, "link", "set", "eng0", "up");
  }
}

function labFile(engineOfBeta: string, hosts: { a: string; b: string }): void {
  const text = `name: ${LAB}
engines:
  - {name: a, host: "${hosts.a}", address: 192.0.2.11}
  - {name: b, host: "${hosts.b}", address: 192.0.2.12}
internet: {bundled: true, engine: a}
providers:
  - {name: alpha, prefix: "2001:db8:a::/48", subscriber: {cpe: home}}
  - {name: beta, prefix: "2001:db8:b::/48", engine: ${engineOfBeta}, subscriber: {cpe: away}}
cpes:
  - {name: home}
  - {name: away, engine: ${engineOfBeta}}
`;
  writeFileSync(FILE, text);
}

const HOSTS = { a: `unix://${paths.socket}`, b: `unix://${second.paths.socket}` };

async function good(args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> {
  const result = await mhlab(args, { env: { ...NO_SANDBOX, ...env } });
  expect({ args, code: result.code, said: result.code === 0 ? "" : result.stderr }).toEqual({
    args,
    code: 0,
    said: "",
  });
  return result;
}

async function namesOn(engine: Dockerode): Promise<string[]> {
  const prefix = `/mhlab-${LAB}-`;
  const found = await engine.listContainers({ all: true });
  return found
    .flatMap(({ Names: [name = ""] }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
    .sort();
}

async function volumesOn(engine: Dockerode): Promise<string[]> {
  const { Volumes } = await engine.listVolumes({ filters: { label: [`io.mhlab.lab=${LAB}`] } });
  return (Volumes ?? []).map(({ Name }) => Name).sort();
}

test("each node runs on its engine, and a provider reaches the internet of the other machine", async () => {
  labFile("b", HOSTS);
  await good(["up", FILE]);
  expect(await namesOn(docker)).toEqual(["alpha", "home", "home-host1", "internet"]);
  expect(await namesOn(second.docker)).toEqual(["away", "away-host1", "beta"]);
  const { providers, healthy } = JSON.parse((await good(["status", FILE, "--json"])).stdout) as LabStatus;
  expect([healthy, providers.map(({ name, uplink }) => [name, uplink?.endpoint.split(":")[0]])]).toEqual([
    true,
    [
      ["alpha", "127.0.0.1"],
      ["beta", "192.0.2.11"],
    ],
  ]);
  await good(["exec", "away-host1", "--", "ping", "-c", "1", "-W", "5", "2001:db8::1"], {
    DOCKER_HOST: HOSTS.b,
  });
  expect((await good(["up", FILE])).stdout + (await good(["up", FILE, "--dry-run"])).stdout).toContain(
    "nothing to change",
  );
}, 240_000);

test("from one engine the others are found without the lab file", async () => {
  for (const host of [HOSTS.a, HOSTS.b]) {
    const { stdout } = await good(["status", LAB, "--json"], { DOCKER_HOST: host });
    const { providers, healthy } = JSON.parse(stdout) as LabStatus;
    expect([host, healthy, providers.map(({ name }) => name)]).toEqual([host, true, ["alpha", "beta"]]);
  }
}, 60_000);

test("one engine under two names is refused, and so is a second one on the command line", async () => {
  const before = await namesOn(docker);
  labFile("b", { ...HOSTS, b: `tcp://127.0.0.1:${plain.port}` });
  const twice = await mhlab(["up", FILE], { env: NO_SANDBOX });
  expect([twice.code, twice.stderr]).toEqual([4, expect.stringContaining("are the same engine")]);
  labFile("b", HOSTS);
  const named = await mhlab(["up", FILE], { env: { MHLAB_SANDBOX: "1" } });
  expect([named.code, named.stderr]).toEqual([2, expect.stringContaining("names its engines")]);
  expect(await namesOn(docker)).toEqual(before);
}, 60_000);

test("what moves to another engine leaves nothing on the former one", async () => {
  labFile("a", HOSTS);
  const { stdout } = await good(["up", FILE, "--dry-run"]);
  expect(stdout).toMatch(/beta.*engine b → a/);
  await good(["up", FILE]);
  expect(await namesOn(second.docker)).toEqual([]);
  expect(await volumesOn(second.docker)).toEqual([]);
  expect(await namesOn(docker)).toEqual([
    "alpha",
    "away",
    "away-host1",
    "beta",
    "home",
    "home-host1",
    "internet",
  ]);
}, 180_000);

test("down from the other machine removes all", async () => {
  labFile("b", HOSTS);
  await good(["up", FILE]);
  await good(["down", LAB], { DOCKER_HOST: HOSTS.b });
  for (const engine of [docker, second.docker]) {
    expect(await namesOn(engine)).toEqual([]);
    expect(await volumesOn(engine)).toEqual([]);
  }
}, 180_000);
