/** One lab on two engines, each with a host of its own: made, asked, moved and removed as one. */
import type Dockerode from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EngineReport } from "../../../src/app/list-engines.ts";
import type { Finding } from "../../../src/core/model/host/finding.ts";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import * as second from "../support/own-sandbox.ts";
import { openPlainEngine, type RemoteEngine } from "../support/remote-engine.ts";
import { docker, mhlab, useSandbox } from "../support/sandbox.ts";
import { endBoth, FILE, good, HOSTS, LAB, labFile, namesOn, NO_SANDBOX, startBoth } from "./two-engines.ts";

useSandbox();

let plain: RemoteEngine;

beforeAll(async () => {
  plain = await openPlainEngine();
  await startBoth();
}, 300_000);
afterAll(async () => {
  await Promise.all([plain.close(), endBoth()]);
}, 120_000);

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

test("the engines are listed with their host, and doctor looks at each", async () => {
  const listed = JSON.parse((await good(["engine", "ls", FILE, "--json"])).stdout) as {
    engines: EngineReport[];
  };
  const nic = { name: "eng0", mac: expect.any(String) as unknown, mtu: 1500, carrier: true };
  for (const [index, name] of ["a", "b"].entries()) {
    const engine = listed.engines[index];
    expect(engine).toMatchObject({ name, reachable: true, problem: null, images: "current", outdated: [] });
    expect([engine?.version, engine?.load]).toEqual([expect.any(String), expect.any(Number)]);
    // The cable of this test is a veth, which is no card.
    expect(engine?.nics).not.toContainEqual(nic);
  }
  const byLabel = await good(["engine", "ls", "--json"], { DOCKER_HOST: HOSTS.b });
  const names = (JSON.parse(byLabel.stdout) as { engines: EngineReport[] }).engines.map(({ name }) => name);
  expect(new Set(names)).toEqual(new Set(["a", "b"]));
  const doctor = await mhlab(["doctor", FILE, "--json"], { env: NO_SANDBOX });
  const { findings } = JSON.parse(doctor.stdout) as { findings: Finding[] };
  expect(findings.flatMap(({ id, engine, level }) => (id === "engine" ? [[engine, level]] : []))).toEqual([
    ["a", "ok"],
    ["b", "ok"],
  ]);
}, 90_000);

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
