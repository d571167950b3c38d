import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openLabLock } from "../../../src/adapters/files/lock.ts";

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "mhlab-lock-"));
});

test("a second run is told who holds the lab, and gets it afterwards", async () => {
  const lock = openLabLock(state);
  const release = await lock.acquire("demo", "up");
  await expect(lock.acquire("demo", "down")).rejects.toMatchObject({
    code: "MHLAB_LOCKED",
    exitCode: 4,
    message: expect.stringMatching(new RegExp(`process ${process.pid}\\) .* for \\d+ s$`)) as string,
  });
  await (
    await lock.acquire("other", "up")
  )();
  await release();
  await (
    await lock.acquire("demo", "down")
  )();
  expect(await readdir(join(state, "labs", "demo"))).toEqual([]);
});

test.each([
  ["a process that is gone", { pid: 2 ** 22 + 1, start: "1" }],
  ["a process id that was given to another", { pid: process.pid, start: "1" }],
  ["no holder at all", undefined],
])("the lock of %s counts for nothing", async (_, holder) => {
  await mkdir(join(state, "labs", "demo"), { recursive: true });
  await writeFile(join(state, "labs", "demo", "lock"), holder === undefined ? "" : JSON.stringify(holder));
  const release = await openLabLock(state).acquire("demo", "up");
  await expect(openLabLock(state).acquire("demo", "up")).rejects.toMatchObject({ code: "MHLAB_LOCKED" });
  await release();
});

test("of many at once, one gets it", async () => {
  const lock = openLabLock(state);
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => lock.acquire("demo", "up")));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});
