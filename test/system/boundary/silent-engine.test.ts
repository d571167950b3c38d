import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { commandsBeside } from "../../../src/adapters/sandbox/processes.ts";
import { sandboxStatus } from "../../../src/adapters/sandbox/sandbox.ts";
import { PROJECT, eventually, paths, useSandbox } from "../support/sandbox.ts";

useSandbox();
let engine: number | undefined;
afterEach(() => {
  if (engine !== undefined) process.kill(engine, "SIGCONT");
});

test("a stopped engine is named after 5 s, and the question ends with an error", async () => {
  const { pid } = await sandboxStatus(paths);
  engine = commandsBeside(pid ?? 0, "dockerd")[0];
  process.kill(engine ?? 0, "SIGSTOP");
  const env = { ...process.env, DOCKER_HOST: `unix://${paths.socket}`, NO_COLOR: "1" };
  const child = spawn(process.execPath, [join(PROJECT, "bin/mhlab.js"), "status"], { env });
  const start = performance.now();
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  await eventually(() => expect(said).toContain(`${paths.socket} has not answered for 5 s`), {
    timeoutMs: 15_000,
  });
  expect(performance.now() - start).toBeGreaterThan(4500);
  expect(await ended).toBe(3);
  expect(performance.now() - start).toBeLessThan(45_000);
  expect(said).toMatch(/error MHLAB_NO_ENGINE .* takes the question and does not answer/);
  expect(said).toContain("systemctl status docker");
});
