/** Nodes of one lab on two engines: made, asked, followed, read and removed by the code that serves one. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { imagesToBuild } from "../../../../src/adapters/docker/context.ts";
import { openEngine } from "../../../../src/adapters/docker/engine.ts";
import { parseEndpoint } from "../../../../src/adapters/docker/endpoint.ts";
import { openKeyStore } from "../../../../src/adapters/files/key-store.ts";
import { enginesOfNodes } from "../../../../src/core/model/lab/engines.ts";
import type { Lab } from "../../../../src/core/model/lab/model.ts";
import { Engines, enginesOf, nodesOf } from "../../../../src/app/agents/engines.ts";
import type { SeenNode } from "../../../../src/app/agents/node.ts";
import { LabWatch } from "../../../../src/app/agents/watch.ts";
import { down } from "../../../../src/app/down.ts";
import { readLogs } from "../../../../src/app/logs.ts";
import { labStatus } from "../../../../src/app/status.ts";
import { up } from "../../../../src/app/up.ts";
import { readyAgent } from "../../cli/agents.ts";
import { FakeDaemon } from "../../support/fake-daemon.ts";
import { digest, lab as labOf, TWO_ISPS } from "../../support/planned-lab.ts";

const IMAGES = fileURLToPath(new URL("../../../../images", import.meta.url));
/** Who is made on the second engine. */
const THERE = ["beta", "home-host1"];
const HERE = ["alpha", "internet", "home"];
const LAB = labOf(TWO_ISPS);

let here: FakeDaemon;
let there: FakeDaemon;
let engines: Engines;
const { signal } = new AbortController();
const keys = openKeyStore(mkdtempSync(join(tmpdir(), "mhlab-state-")));

beforeEach(async () => {
  [here, there] = await Promise.all([new FakeDaemon().listen(), new FakeDaemon().listen()]);
  const references = Object.values(await imagesToBuild(IMAGES)).map(({ reference }) => reference);
  for (const daemon of [here, there]) Object.assign(daemon, { images: references, agent: readyAgent });
  const [one, other] = [here, there].map(({ socket }) => openEngine(parseEndpoint(socket, {}), {}));
  if (one === undefined || other === undefined) throw new Error("two engines");
  engines = new Engines([one, other], { engineOf: (name) => (THERE.includes(name) ? other : one) });
});
afterEach(async () => {
  await Promise.all([here.close(), there.close()]);
});

const lock = { acquire: async () => async () => undefined };

const NAMES = [
  { name: "a", host: "unix:///a" },
  { name: "b", host: "unix:///b" },
];

/** The lab with one provider on the second engine. */
const SPLIT: Lab = {
  ...LAB,
  engines: NAMES,
  providers: LAB.providers.map((one) => (one.name === "beta" ? { ...one, engine: "b" } : one)),
};
const REST = [...HERE, "home-host1"].sort();

/** The same two engines, as a lab file names them; `there` may not answer. */
function named(): Engines {
  const [one, other] = [here, there].map(({ socket }) => openEngine(parseEndpoint(socket, {}), {}));
  if (one === undefined || other === undefined) throw new Error("two engines");
  const places = enginesOfNodes(SPLIT);
  const engineOf = (name: string) => (places.get(name) === "b" ? other : one);
  return new Engines([one, other], { engineOf, names: NAMES });
}

async function bringUp(lab: Lab = LAB, partial = false): Promise<readonly SeenNode[]> {
  const ports = { engines, keys, lock, digest, images: async () => await imagesToBuild(IMAGES) };
  const options = { labFile: "/lab.yaml", version: "1", only: [], build: true, strict: false, partial };
  const { unwell, status } = await up(lab, ports, {
    ...options,
    replace: false,
    agreeToReplace: undefined,
    timeoutMs: 20_000,
    report: () => undefined,
    signal,
  });
  expect([unwell, status.healthy]).toEqual([[], !partial]);
  return nodesOf(await engines.look(), LAB.name);
}

const namesOn = ({ containers }: FakeDaemon): string[] =>
  [...containers.keys()].map((name) => name.slice("mhlab-two-isps-".length)).sort();
const execsOf = ({ requests }: FakeDaemon): string[] =>
  requests.filter((line) => /^POST \/containers\/.*\/exec$/.test(line));

test("each is made where it belongs, found there, and removed from there", async () => {
  const nodes = await bringUp();
  expect([namesOn(here), namesOn(there)]).toEqual([HERE.toSorted(), THERE.toSorted()]);
  expect(nodes.map(({ name }) => name).sort()).toEqual([...HERE, ...THERE].sort());
  await down(LAB.name, { engines, keys, lock }, { purge: false, signal, report: () => undefined });
  expect([namesOn(here), namesOn(there)]).toEqual([[], []]);
  for (const { requests } of [here, there]) expect(requests).toContain("GET /volumes");
});

test("all are asked by one command on each engine", async () => {
  const nodes = await bringUp();
  for (const { requests } of [here, there]) requests.length = 0;
  const { providers, healthy } = await labStatus({ lab: LAB.name, nodes, signal });
  expect([providers.map(({ name }) => name), healthy]).toEqual([["alpha", "beta"], true]);
  expect([execsOf(here).length, execsOf(there).length]).toEqual([1, 1]);
});

test("all are followed by one stream on each engine, and one that breaks takes nobody elsewhere along", async () => {
  const nodes = await bringUp();
  for (const { requests } of [here, there]) requests.length = 0;
  const stop = new AbortController();
  const agents = new LabWatch(stop.signal);
  const heard: string[] = [];
  const follow = (node: SeenNode): void => {
    const { name } = node;
    const listener = {
      onStatus: () => void heard.push(name),
      onGone: () => void heard.push(`${name} gone`),
      onComplaint: () => undefined,
    };
    agents.follow(node, listener, stop.signal).catch(() => undefined);
  };
  nodes.forEach(follow);
  await expect.poll(() => [...heard].sort()).toEqual([...HERE, ...THERE].sort());
  expect([execsOf(here).length, execsOf(there).length]).toEqual([1, 1]);
  there.endStreams();
  await expect
    .poll(() => heard.filter((one) => one.endsWith("gone")).sort())
    .toEqual(THERE.map((name) => `${name} gone`).sort());
  expect(agents.statusOf("alpha")).toMatchObject({ name: "alpha" });
  stop.abort();
});

test("what they printed comes in the order of its times, and files reach the right engine", async () => {
  const nodes = await bringUp();
  here.log = "2026-11-24T12:00:00.000000001Z first\n2026-11-24T12:00:00.000000003Z third\n";
  there.log = "2026-11-24T12:00:00.000000002Z second\n";
  const pair = nodes.filter(({ name }) => name === "alpha" || name === "beta");
  const lines: string[] = [];
  const onLine = (name: string, line: string): void => void lines.push(`${name} ${line}`);
  await readLogs(pair, { tail: -1, follow: false, signal, onLine });
  expect(lines).toEqual(["alpha first", "beta second", "alpha third"]);
  for (const { archives } of [here, there]) archives.clear();
  const beta = pair.find(({ name }) => name === "beta");
  await beta?.copy([{ path: "/etc/mhlab/x", mode: 0o600, content: { text: "x" } }], async () => "");
  expect([[...here.archives.keys()], [...there.archives.keys()]]).toEqual([[], ["mhlab-two-isps-beta"]]);
});

test("images that every engine has are asked for one by one; the list is for where one is lacking", async () => {
  const [first = "", ...rest] = there.images;
  const listed = (): boolean[] => [here, there].map(({ requests }) => requests.includes("GET /images/json"));
  expect(await engines.imagesFor([first])).toEqual([first]);
  expect(listed()).toEqual([false, false]);
  there.images = rest;
  expect(await engines.imagesFor([first])).toEqual(rest);
  expect(listed()).toEqual([true, true]);
});

test("an engine that does not answer: up is refused, the rest comes up, and down tells what it leaves", async () => {
  engines = named();
  there.onRequest = () => true;
  await expect(bringUp(SPLIT)).rejects.toMatchObject({
    code: "MHLAB_ENGINE_UNREACHABLE",
    exitCode: 3,
    message: "the engine b at unix:///b does not answer",
  });
  expect(namesOn(here)).toEqual([]);
  await bringUp(SPLIT, true);
  expect(namesOn(here)).toEqual(REST);
  const purge = { purge: true, signal, report: () => undefined };
  await expect(down(LAB.name, { engines, keys, lock }, purge)).rejects.toMatchObject({
    code: "MHLAB_ENGINE_UNREACHABLE",
  });
  const { left } = await down(LAB.name, { engines, keys, lock }, { ...purge, purge: false });
  expect([left, namesOn(here)]).toEqual([[{ name: "b", host: "unix:///b", nodes: [] }], []]);
});

test("what was on an engine that does not answer any more is unknown, until it answers again", async () => {
  engines = named();
  await bringUp(SPLIT);
  const look = async () => {
    const seen = await engines.look();
    const found = { nodes: nodesOf(seen, LAB.name), engines: enginesOf(seen, LAB.name) };
    const { providers, engines: shown, healthy } = await labStatus({ lab: LAB.name, ...found, signal });
    return [providers.map(({ state }) => state), shown?.map(({ reachable }) => reachable), healthy];
  };
  expect(await look()).toEqual([["running", "running"], [true, true], true]);
  there.onRequest = () => true;
  expect(await look()).toEqual([["running", "unknown"], [true, false], false]);
  there.onRequest = () => false;
  expect(await look()).toEqual([["running", "running"], [true, true], true]);
  here.onRequest = () => true;
  there.onRequest = () => true;
  await expect(engines.look()).rejects.toMatchObject({
    message: expect.stringContaining("2 engines") as unknown,
  });
});
