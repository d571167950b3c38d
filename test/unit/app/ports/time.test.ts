import { expect, test } from "vitest";
import { timeLimit } from "../../../../src/app/ports/time.ts";

test("fires when the time is up, and says that it was the time", async () => {
  const signal = timeLimit(20);
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  expect((signal.reason as Error).name).toBe("TimeoutError");
});

test("fires with the signal that it was given", () => {
  const interrupt = new AbortController();
  const signal = timeLimit(60_000, interrupt.signal);
  expect(signal.aborted).toBe(false);
  interrupt.abort();
  expect(signal.aborted).toBe(true);
});

test("is not forgotten by the garbage collector", async () => {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  let fired = false;
  (() => {
    timeLimit(100, new AbortController().signal).addEventListener("abort", () => (fired = true));
  })();
  for (let round = 0; round < 10; round++) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    collect();
  }
  expect(fired).toBe(true);
});
