/** What the program does where it cannot write: needs processes, and no engine. */
import { spawnSync, type StdioOptions } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { PROJECT } from "./support/sandbox.ts";

const full = openSync("/dev/full", "w");
afterAll(() => closeSync(full));

function mhlabWith(
  argv: readonly string[],
  { stdio = "pipe", env = {} }: { stdio?: StdioOptions; env?: NodeJS.ProcessEnv },
): { status: number | null; stderr: string } {
  const bin = join(PROJECT, "bin/mhlab.js");
  return spawnSync(process.execPath, [bin, ...argv], {
    stdio,
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: 20_000,
  });
}

test("an output that cannot be written is a failure", () => {
  const { status, stderr } = mhlabWith(["version"], { stdio: ["ignore", full, "pipe"] });
  expect([status, stderr]).toEqual([1, "error MHLAB_OUTPUT  cannot write the output: the disk is full\n"]);
});

test("talk that cannot be written is none", () => {
  expect(mhlabWith(["nonsense"], { stdio: ["ignore", "pipe", full] }).status).toBe(2);
});

test.each([
  ["start", "/dev/null"],
  ["start", "/etc/passwd/below"],
  ["stop", "/etc/passwd/below"],
])("sandbox %s in %s says that it is no folder", (verb, folder) => {
  const { status, stderr } = mhlabWith(["sandbox", verb], { env: { MHLAB_SANDBOX_DIR: folder } });
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining(`error MHLAB_SANDBOX_FOLDER  cannot use ${folder}`),
  ]);
});
