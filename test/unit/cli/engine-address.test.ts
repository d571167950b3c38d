/** Which engine is asked where the sandbox comes into it. */
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseEndpoint } from "../../../src/adapters/docker/endpoint.ts";
import type { Sandbox, SandboxReport } from "../../../src/app/ports/sandbox.ts";
import { chooseLab } from "../../../src/app/choose-lab.ts";
import { sandboxHint } from "../../../src/cli/sandbox-hint.ts";
import { renderBriefly } from "../../../src/cli/views/labs.ts";
import { endpointOfSandbox, orSandbox } from "../../../src/cli/engine-address.ts";

const SOCKET = "unix:///sandbox/docker.sock";
const NONE = parseEndpoint("unix:///nonexistent/docker.sock", {});

function sandbox(more: Partial<SandboxReport>, started: string[] = []): Sandbox {
  const report = { running: true, usable: true, socket: SOCKET, pid: 1, root: "/sandbox", problem: null };
  const status = async (): Promise<SandboxReport> => ({ ...report, ...more });
  return {
    status,
    start: async () => {
      started.push("start");
      return { ...report, already: false };
    },
    stop: status,
    exec: async () => 0,
  };
}

test("where nobody names an engine and none is there, the running sandbox is used, and that is said", async () => {
  const told: string[] = [];
  const found = await orSandbox(
    NONE,
    async () => sandbox({}),
    (text) => told.push(text),
  );
  expect(found.text).toBe(SOCKET);
  expect(told).toEqual([
    "no Docker engine at unix:///nonexistent/docker.sock: using the sandbox, as --sandbox does",
  ]);
});

test("an engine that is named is never replaced by the sandbox, nor by one that does not run", async () => {
  const told: string[] = [];
  const tell = (text: string): void => void told.push(text);
  const named = { ...NONE, namedBy: "DOCKER_HOST" };
  expect(await orSandbox(named, async () => sandbox({}), tell)).toBe(named);
  const context = { ...NONE, context: "desk" };
  expect(await orSandbox(context, async () => sandbox({}), tell)).toBe(context);
  expect(await orSandbox(NONE, async () => sandbox({ running: false }), tell)).toBe(NONE);
  expect(told).toEqual([]);
});

test("an engine that listens is not replaced", async () => {
  const socket = join(mkdtempSync(join(tmpdir(), "mhlab-engine-")), "docker.sock");
  const server = createServer().listen(socket);
  await new Promise((resolve) => server.once("listening", resolve));
  const endpoint = parseEndpoint(`unix://${socket}`, {});
  expect(
    await orSandbox(
      endpoint,
      async () => sandbox({}),
      () => undefined,
    ),
  ).toBe(endpoint);
  server.close();
});

test("a sandbox of another user is told apart from one that does not run", async () => {
  const denied = sandbox({ usable: false, problem: "you may not use /sandbox/docker.sock" });
  await expect(endpointOfSandbox(denied, undefined)).rejects.toMatchObject({
    code: "MHLAB_NO_ENGINE",
    message: "the sandbox runs, and you may not use /sandbox/docker.sock",
    hint: expect.stringContaining("mhlab sandbox start") as string,
  });
  await expect(endpointOfSandbox(sandbox({ running: false }), undefined)).rejects.toMatchObject({
    code: "MHLAB_SANDBOX_DOWN",
  });
});

test("the sandbox is started only where the command may", async () => {
  const started: string[] = [];
  const down = sandbox({ running: false }, started);
  expect((await endpointOfSandbox(down, () => undefined)).text).toBe(SOCKET);
  expect(started).toEqual(["start"]);
});

test("a sandbox beside the engine is pointed to, unless the user named an engine", async () => {
  const open = async (): Promise<Sandbox> => sandbox({});
  const hint = await sandboxHint({}, {}, open);
  expect(hint).toContain("the sandbox is running: add --sandbox");
  expect(() => chooseLab(undefined, [], hint)).toThrow(expect.objectContaining({ hint }) as Error);
  expect(() => chooseLab("desk", [], hint)).toThrow(expect.objectContaining({ hint }) as Error);
  expect(renderBriefly([], { colour: false, columns: 80 }, hint)).toBe(
    `no lab is running on this engine\n${hint}\n`,
  );
  for (const options of [{ host: "ssh://desk" }, { context: "desk" }, { sandbox: true }])
    expect(await sandboxHint(options, {}, open)).toBeUndefined();
  for (const env of [{ DOCKER_HOST: "ssh://desk" }, { MHLAB_SANDBOX: "1" }])
    expect(await sandboxHint({}, env, open)).toBeUndefined();
  expect(await sandboxHint({}, {}, async () => sandbox({ running: false }))).toBeUndefined();
});
