import { expect, test } from "vitest";
import { startAsRoot } from "../../../src/adapters/sandbox/start.ts";
import { eventually, inLabHost, mhlab, paths } from "../support/sandbox.ts";
import {
  ALPHA,
  BETA,
  containersOf,
  hostInterfaces,
  startMhlab,
  statusOf,
  succeed,
  useLabs,
  writeLab,
} from "./fixture.ts";

useLabs();

/** Starts `mhlab up` and lets a test interrupt it once its first container is there. */
async function interruptUp(
  lab: string,
  file: string,
  interrupt: (pid: number) => Promise<unknown>,
): Promise<number> {
  const child = startMhlab(["up", file]);
  // The first test of a run waits for the images to be built.
  await eventually(async () => expect(Object.keys(await containersOf(lab)).length).toBeGreaterThan(0), {
    everyMs: 20,
    timeoutMs: 120_000,
  });
  await interrupt(child.pid ?? 0);
  const { exitCode, stderr } = await child;
  lastWords = stderr;
  return exitCode ?? -1;
}

let lastWords = "";

const killEngine = (): Promise<unknown> => inLabHost(["pkill", "-9", "-x", "dockerd"]);

test("Ctrl-C undoes what this run made, and exits 130", async () => {
  const before = await hostInterfaces();
  const file = writeLab("ctrl-c", [ALPHA, BETA]);
  expect(await interruptUp("ctrl-c", file, async (pid) => process.kill(pid, "SIGINT"))).toBe(130);
  expect(await containersOf("ctrl-c")).toEqual({});
  await eventually(async () => expect(await hostInterfaces()).toEqual(before));
});

test("Ctrl-C leaves alone what was there before", async () => {
  await succeed(["up", writeLab("kept", [{ ...ALPHA, subscriber: "{veth: kept-a}" }])]);
  const before = await containersOf("kept");
  const more = writeLab("kept", [
    { ...ALPHA, subscriber: "{veth: kept-a}" },
    { ...BETA, subscriber: "{veth: kept-b}" },
  ]);
  const child = startMhlab(["up", more]);
  await eventually(async () => expect(await containersOf("kept")).toHaveProperty("beta"), { everyMs: 20 });
  child.kill("SIGINT");
  expect((await child).exitCode).toBe(130);
  expect(await containersOf("kept")).toEqual(before);
  expect((await statusOf("kept")).providers[0]).toMatchObject({ name: "alpha", state: "running" });
  await succeed(["down", "kept"]);
});

test("what a killed up left is removed by down", async () => {
  const before = await hostInterfaces();
  const file = writeLab("killed", [ALPHA, BETA]);
  await interruptUp("killed", file, async (pid) => process.kill(pid, "SIGKILL"));
  await succeed(["down", "killed"]);
  expect(await containersOf("killed")).toEqual({});
  await eventually(async () => expect(await hostInterfaces()).toEqual(before));
});

test("an engine that dies during up is a clear error, and the next up completes", async () => {
  const file = writeLab("engine", [ALPHA, BETA]);
  expect(await interruptUp("engine", file, killEngine)).toBe(1);
  expect(lastWords).toContain("MHLAB_ENGINE_LOST");
  await startAsRoot({ paths });
  await succeed(["up", file]);
  expect(await statusOf("engine")).toMatchObject({ healthy: true });
  await succeed(["down", "engine"]);
});

test("without an engine where DOCKER_HOST says: exit 3, that it may be wrong, and the sandbox", async () => {
  const { code, stderr } = await mhlab(["status"], {
    env: { MHLAB_SANDBOX: "", DOCKER_HOST: "unix:///nonexistent/docker.sock" },
  });
  expect(code).toBe(3);
  expect(stderr).toContain("which DOCKER_HOST names");
  expect(stderr).toContain("--sandbox");
});

test("two ups of one lab: the second says who holds it, and exits 4", async () => {
  const file = writeLab("locked", [ALPHA, BETA]);
  const first = mhlab(["up", file]);
  await eventually(async () => expect(Object.keys(await containersOf("locked")).length).toBeGreaterThan(0), {
    everyMs: 20,
  });
  const second = await mhlab(["up", file]);
  expect(second.code).toBe(4);
  expect(second.stderr).toContain("MHLAB_LOCKED");
  expect((await first).code).toBe(0);
  await succeed(["down", "locked"]);
});
