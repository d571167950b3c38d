/** Real processes in fake time: only what the supervisor waits for is shortened. */
import { readFileSync } from "node:fs";
import { onTestFinished, expect, test } from "vitest";
import { Daemon, type DaemonOptions } from "../../../../src/agent/supervise/daemon.ts";
import { fakeTime, heardLog, until } from "../../support/fake-time.ts";

function shell(script: string, options: Partial<DaemonOptions> = {}): Daemon {
  const daemon = new Daemon({
    name: "test",
    argv: ["sh", "-c", script],
    confinement: { user: "root", capabilities: [], writes: [] },
    ...options,
  });
  onTestFinished(async () => await daemon.stop());
  return daemon;
}

test("one that ends is started again, later and later, and at once when it had run for long", async () => {
  const { pass } = fakeTime();
  const log = heardLog();
  const daemon = shell("echo up; exec sleep 1000");
  await daemon.start();
  for (const [index, delayMs] of [100, 200, 400, 800, 1600, 3200, 5000, 5000].entries()) {
    const { pid = 0 } = daemon;
    await until(() => log.length === 2 * index + 1);
    process.kill(pid, "SIGKILL");
    await until(() => !daemon.running && daemon.restarts === index + 1);
    expect(log.at(-1)).toBe(`warn: test ended (SIGKILL), starting it again in ${delayMs} ms`);
    await pass(delayMs - 1);
    expect(daemon.pid).toBeUndefined();
    await pass(1);
    expect(daemon.pid).not.toBe(pid);
  }
  await pass(10_000);
  process.kill(daemon.pid ?? 0, "SIGKILL");
  await until(() => daemon.restarts === 9);
  expect(log.at(-1)).toContain("starting it again in 100 ms");
});

test("each start is prepared, told and given the environment; the end is told", async () => {
  const { pass } = fakeTime();
  heardLog();
  const told: string[] = [];
  const daemon = shell('echo "$WORD"; echo; echo more >&2; printf rest', {
    env: { WORD: "hello" },
    before: () => void told.push("before"),
    onStart: () => told.push("started"),
    onLine: (line) => told.push(line),
    onExit: () => told.push("ended"),
  });
  await daemon.start();
  await until(() => told.includes("ended"));
  expect(told.slice(0, 2)).toEqual(["before", "started"]);
  expect(told.slice(2, 4).sort()).toEqual(["hello", "more"]);
  expect(told.at(4)).toBe("ended");
  await pass(100);
  expect(told.slice(5, 7)).toEqual(["before", "started"]);
});

test("one that is asked to end does not come again; one that does not heed is killed after 3 s", async () => {
  const { pass } = fakeTime();
  const lines: string[] = [];
  const daemon = shell("trap '' TERM; echo up; exec sleep 1000", {
    onLine: (line) => lines.push(line),
  });
  await daemon.start();
  await until(() => lines.includes("up"));
  let stopped = false;
  const stopping = daemon.stop().then(() => (stopped = true));
  await pass(2999);
  expect([daemon.running, stopped]).toEqual([true, false]);
  await pass(1);
  await stopping;
  await pass(60_000);
  expect([daemon.pid, daemon.restarts]).toEqual([undefined, 0]);
});

test("one that is stopped while it is to be started again stays away", async () => {
  const { pass } = fakeTime();
  heardLog();
  const daemon = shell("exit 1");
  await daemon.start();
  await until(() => daemon.restarts === 1);
  await daemon.stop();
  await pass(60_000);
  expect([daemon.pid, daemon.restarts]).toEqual([undefined, 1]);
  await daemon.start();
  expect(daemon.pid).toBeDefined();
});

test("a program that is not there is said, and tried again", async () => {
  const { pass } = fakeTime();
  const log = heardLog();
  const daemon = shell("", { argv: ["/nowhere/program"] });
  await daemon.start();
  await until(() => daemon.restarts === 1);
  await pass(100);
  await until(() => daemon.restarts === 2);
  expect(log.join("\n")).toContain("/nowhere/program");
});

test("a signal waits until it is handled", async () => {
  const { pass } = fakeTime();
  const lines: string[] = [];
  const script = `trap 'trap "echo reloaded" HUP; echo handles' USR1; echo up; while :; do :; done`;
  const daemon = shell(script, { onLine: (line) => lines.push(line) });
  await daemon.start();
  await until(() => lines.includes("up"));
  let sent = false;
  const sending = daemon.signal("SIGHUP").then(() => (sent = true));
  await pass(5000);
  expect([sent, daemon.running]).toEqual([false, true]);
  process.kill(daemon.pid ?? 0, "SIGUSR1");
  await until(() => lines.includes("handles"));
  await pass(20);
  await sending;
  await until(() => lines.includes("reloaded"));
  expect(daemon.restarts).toBe(0);
});

test("a signal that is never handled is not sent, and waited for 10 s", async () => {
  const { pass } = fakeTime();
  const daemon = shell("exec sleep 1000");
  await daemon.start();
  let given = false;
  const sending = daemon.signal("SIGHUP").then(() => (given = true));
  await pass(9900);
  expect(given).toBe(false);
  await pass(200);
  await sending;
  expect([daemon.running, daemon.restarts]).toEqual([true, 0]);
});

test("one that a signal stopped is stalled, until another one lets it go on", async () => {
  const { pass } = fakeTime();
  const log = heardLog();
  const daemon = shell("exec sleep 1000");
  await daemon.start();
  await pass(7000);
  expect(daemon.stalled).toBe(false);
  process.kill(daemon.pid ?? 0, "SIGSTOP");
  const isIn = (state: string): boolean =>
    readFileSync(`/proc/${daemon.pid}/stat`, "utf8").includes(`) ${state} `);
  await until(() => isIn("T"));
  await pass(9500);
  expect([daemon.stalled, log.at(-1)]).toEqual([true, "warn: test runs, but does not answer"]);
  process.kill(daemon.pid ?? 0, "SIGCONT");
  await until(() => isIn("S"));
  await pass(2000);
  expect([daemon.stalled, log.at(-1)]).toEqual([false, "warn: test answers again"]);
});
