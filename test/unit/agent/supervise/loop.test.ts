import { expect, test } from "vitest";
import { Loop } from "../../../../src/agent/supervise/loop.ts";
import { fakeTime, heardLog } from "../../support/fake-time.ts";

/** A loop whose ticks last until they are let go. */
function slowLoop(): { loop: Loop; ticks: { end(): void }[] } {
  const ticks: { end(): void }[] = [];
  const loop = new Loop("test", 1000, () => new Promise<void>((end) => void ticks.push({ end })));
  return { loop, ticks };
}

test("compares at once, and after every interval", async () => {
  const { pass } = fakeTime();
  let ticks = 0;
  const loop = new Loop("test", 1000, async () => void (ticks += 1));
  loop.start();
  expect(ticks).toBe(1);
  await pass(999);
  expect(ticks).toBe(1);
  await pass(1);
  expect(ticks).toBe(2);
  loop.stop();
  await pass(10_000);
  loop.poke();
  expect(ticks).toBe(2);
});

test("the interval begins anew with every comparison", async () => {
  const { pass } = fakeTime();
  let ticks = 0;
  const loop = new Loop("test", 1000, async () => void (ticks += 1));
  loop.start();
  await pass(600);
  loop.poke();
  await pass(999);
  expect(ticks).toBe(2);
  await pass(1);
  expect(ticks).toBe(3);
  loop.stop();
});

test("an interval that depends on what was found is asked for after each comparison", async () => {
  const { pass } = fakeTime();
  let ticks = 0;
  const everyMs = (): number => (ticks === 1 ? 500 : 3000);
  const loop = new Loop("test", everyMs, async () => void (ticks += 1));
  loop.start();
  await pass(500);
  expect(ticks).toBe(2);
  await pass(2999);
  expect(ticks).toBe(2);
  await pass(1);
  expect(ticks).toBe(3);
  loop.stop();
});

test("never compares twice at once: pokes meanwhile lead to one comparison more", async () => {
  const { pass } = fakeTime();
  const { loop, ticks } = slowLoop();
  loop.start();
  for (let count = 0; count < 5; count++) loop.poke();
  await pass(5000);
  expect(ticks).toHaveLength(1);
  ticks[0]?.end();
  await pass(0);
  expect(ticks).toHaveLength(2);
  ticks[1]?.end();
  await pass(999);
  expect(ticks).toHaveLength(2);
  loop.stop();
});

test("who asks for a comparison is told of one that began after that", async () => {
  const { pass } = fakeTime();
  const { loop, ticks } = slowLoop();
  loop.start();
  let told = false;
  void loop.once().then(() => (told = true));
  ticks[0]?.end();
  await pass(0);
  expect(told).toBe(false);
  ticks[1]?.end();
  await pass(0);
  expect(told).toBe(true);
  loop.stop();
  await expect(loop.once()).resolves.toBeUndefined();
});

test("a loop that was stopped during a comparison makes no other", async () => {
  const { pass } = fakeTime();
  const { loop, ticks } = slowLoop();
  loop.start();
  loop.poke();
  loop.stop();
  ticks[0]?.end();
  await pass(5000);
  expect(ticks).toHaveLength(1);
});

test("a failure is said once, kept until it is gone, and tried again", async () => {
  const { pass } = fakeTime();
  const log = heardLog();
  const outcomes = ["no link", "no link", "no key", undefined, "no link"];
  const loop = new Loop("test", 1000, async () => {
    const outcome = outcomes.shift();
    if (outcome !== undefined) throw new Error(outcome);
  });
  const failures: (string | undefined)[] = [];
  loop.start();
  for (let count = 0; count < 5; count++) {
    await pass(0);
    failures.push(loop.failure);
    await pass(1000);
  }
  loop.stop();
  expect(failures).toEqual(["no link", "no link", "no key", undefined, "no link"]);
  expect(log).toEqual(["warn: test: no link", "warn: test: no key", "warn: test: no link"]);
});
