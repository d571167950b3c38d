import { readFileSync, readlinkSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openLabLock } from "../../../../src/adapters/files/lock.ts";

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

const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
const GONE = { pid: 2 ** 22 + 1, start: "1", what: "up", since: "now" };

test("the lock of a process in another PID namespace is no stale one, as long as the machine has not been started again", async () => {
  const file = join(state, "labs", "demo", "lock");
  await mkdir(join(state, "labs", "demo"), { recursive: true });
  const elsewhere = { ...GONE, pidNamespace: "pid:[1]", bootId };
  await writeFile(file, JSON.stringify(elsewhere));
  await expect(openLabLock(state).acquire("demo", "down")).rejects.toMatchObject({
    code: "MHLAB_LOCKED",
    hint: expect.stringContaining(`rm ${file}`) as string,
  });
  await writeFile(file, JSON.stringify({ ...elsewhere, bootId: "of yesterday" }));
  const release = await openLabLock(state).acquire("demo", "down");
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
    pid: process.pid,
    pidNamespace: readlinkSync("/proc/self/ns/pid"),
    bootId,
  });
  await release();
});

test("of many at once, one gets it", async () => {
  const lock = openLabLock(state);
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => lock.acquire("demo", "up")));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});
