/** A lab on two engines of which one does not answer: what is refused, what goes on, and how all comes back. */
import { createInterface } from "node:readline";
import { execa } from "execa";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { EngineReport } from "../../../src/app/list-engines.ts";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import * as second from "../support/own-sandbox.ts";
import { docker, eventually, mhlab, PROJECT, useSandbox, type CommandResult } from "../support/sandbox.ts";
import {
  endBoth,
  FILE,
  good,
  HOSTS,
  joinHosts,
  LAB,
  labFile,
  namesOn,
  NO_SANDBOX,
  startBoth,
} from "./two-engines.ts";

useSandbox();

beforeAll(async () => {
  await startBoth();
  labFile("b", HOSTS);
}, 300_000);
afterAll(endBoth, 120_000);

const HERE = ["alpha", "home", "home-host1", "internet"];
const THERE = ["away", "away-host1", "beta"];

const asked = (...args: string[]): Promise<CommandResult> => mhlab(args, { env: NO_SANDBOX });

async function labStatus(of = FILE, env: Record<string, string> = {}): Promise<LabStatus> {
  return JSON.parse(
    (await mhlab(["status", of, "--json"], { env: { ...NO_SANDBOX, ...env } })).stdout,
  ) as LabStatus;
}

const statesIn = ({ providers }: Pick<LabStatus, "providers">): unknown[] =>
  providers.map(({ name, state }) => [name, state]);

/** Stops the second engine's program as it is, until the test ends or the function that comes back is called. */
async function hang(): Promise<() => void> {
  const pid = await second.part("dockerd");
  const goOn = (): void => void process.kill(pid, "SIGCONT");
  process.kill(pid, "SIGSTOP");
  onTestFinished(goOn);
  return goOn;
}

test("with one engine that is not there, up is refused and --partial does the rest; the next up completes the lab", async () => {
  await second.stop();
  const refused = await asked("up", FILE);
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("the engine b at")]);
  expect(refused.stderr).toContain("mhlab up --partial");
  expect(refused.stderr).toContain("Nothing was changed.");
  expect(await namesOn(docker)).toEqual([]);
  const partial = await asked("up", FILE, "--partial", "--json");
  expect([partial.code, (JSON.parse(partial.stdout) as { left: string[] }).left.sort()]).toEqual([0, THERE]);
  expect(await namesOn(docker)).toEqual(HERE);
  await second.start();
  await joinHosts();
  await good(["up", FILE]);
  expect([await namesOn(docker), await namesOn(second.docker)]).toEqual([HERE, THERE]);
  expect((await labStatus()).healthy).toBe(true);
}, 240_000);

test("a hung engine is told of after 5 s, and what others know of its nodes", async () => {
  const goOn = await hang();
  for (const [of, env] of [
    [FILE, {}],
    [LAB, { DOCKER_HOST: HOSTS.a }],
  ] as const) {
    const begun = performance.now();
    const status = await labStatus(of, env);
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect([of, statesIn(status), status.healthy]).toEqual([
      of,
      [
        ["alpha", "running"],
        ["beta", "unknown"],
      ],
      false,
    ]);
    expect(status.engines?.map(({ name, reachable }) => [name, reachable])).toEqual([
      ["a", true],
      ["b", false],
    ]);
    const beta = status.providers[1];
    expect(beta?.uplink.handshakeAt).toMatch(/^20\d\d-/);
    expect(beta?.problems[0]).toMatchObject({
      code: "engine-unreachable",
      message: expect.stringContaining("the internet had its last handshake at 20"),
    });
  }
  const listed = await asked("engine", "ls", FILE, "--json");
  const { engines } = JSON.parse(listed.stdout) as { engines: EngineReport[] };
  expect([listed.code, engines.map(({ name, problem }) => [name, problem])]).toEqual([
    3,
    [
      ["a", null],
      ["b", "it has not answered for 5 s"],
    ],
  ]);
  const doctor = await asked("doctor", FILE);
  expect([doctor.code, doctor.stdout]).toEqual([3, expect.stringContaining(`b: the engine at ${HOSTS.b}`)]);
  goOn();
  expect((await labStatus()).healthy).toBe(true);
}, 120_000);

test("what needs all of the lab is refused, and what is not there is not called unknown to the lab", async () => {
  await hang();
  for (const args of [
    ["up", FILE],
    ["down", FILE, "--purge", "--yes"],
    ["renumber", "alpha", "2001:db8:c::/48", "--flash"],
    ["renumber", "beta", "2001:db8:c::/48", "--flash"],
    ["keys", "rotate", "alpha", FILE],
  ]) {
    const result = await mhlab([...args, "--json"], { env: { ...NO_SANDBOX, DOCKER_HOST: HOSTS.a } });
    expect([args, result.code, result.stderr + result.stdout]).toEqual([
      args,
      3,
      expect.stringContaining("MHLAB_ENGINE_UNREACHABLE"),
    ]);
  }
  expect(await namesOn(docker)).toEqual(HERE);
}, 180_000);

test("a watch goes on while an engine hangs, and takes it again when it is back", async () => {
  const env = { ...process.env, ...NO_SANDBOX };
  const watch = execa("node", ["bin/mhlab.js", "status", FILE, "--watch", "--json"], {
    cwd: PROJECT,
    env,
    reject: false,
    buffer: false,
  });
  onTestFinished(async () => {
    watch.kill("SIGINT");
    await watch;
  });
  let latest: LabStatus | undefined;
  createInterface({ input: watch.stdout }).on("line", (line) => (latest = JSON.parse(line) as LabStatus));
  const shows = (beta: string): Promise<unknown> =>
    eventually(
      () => {
        expect(latest === undefined ? undefined : statesIn(latest)).toEqual([
          ["alpha", "running"],
          ["beta", beta],
        ]);
      },
      { timeoutMs: 40_000 },
    );
  await shows("running");
  const goOn = await hang();
  await shows("unknown");
  goOn();
  await shows("running");
  expect(watch.exitCode ?? null).toBe(null);
}, 150_000);

test("down removes what it can and names the rest, which its own engine removes", async () => {
  const goOn = await hang();
  const { code, stdout } = await asked("down", FILE, "--json");
  const { labs } = JSON.parse(stdout) as { labs: { removed: string[]; left: unknown[] }[] };
  expect([code, labs[0]?.removed.toSorted(), labs[0]?.left]).toEqual([
    3,
    HERE,
    [{ name: "b", host: HOSTS.b, nodes: expect.arrayContaining(THERE) as unknown }],
  ]);
  goOn();
  expect([await namesOn(docker), await namesOn(second.docker)]).toEqual([[], THERE]);
  await good(["down", LAB], { DOCKER_HOST: HOSTS.b });
  expect(await namesOn(second.docker)).toEqual([]);
}, 120_000);

test("a cut underlay leaves the engines to answer, and the tunnel across it is told of", async () => {
  await good(["up", FILE]);
  await second.exec("ip", "link", "set", "eng0", "down");
  const status = await eventually(
    async () => {
      const now = await labStatus();
      expect(now.cpes.find(({ name }) => name === "away")?.problems).not.toEqual([]);
      return now;
    },
    { timeoutMs: 60_000 },
  );
  expect([status.healthy, status.engines?.every(({ reachable }) => reachable)]).toEqual([false, true]);
  await second.exec("ip", "link", "set", "eng0", "up");
  await eventually(async () => expect((await labStatus()).healthy).toBe(true), { timeoutMs: 60_000 });
}, 240_000);
