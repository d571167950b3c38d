import { expect, test } from "vitest";
import { waitUntil } from "../../../src/agent/patience.ts";
import { fakeTime } from "../support/fake-time.ts";

test("looks at once, and again until it is so", async () => {
  const { pass } = fakeTime();
  let looks = 0;
  const found = waitUntil(() => ++looks === 3, { everyMs: 20, forMs: 1000 });
  expect(looks).toBe(1);
  await pass(39);
  expect(looks).toBe(2);
  await pass(1);
  expect(await found).toBe(true);
});

test("gives up after one look more than it had time for", async () => {
  const { pass } = fakeTime();
  let looks = 0;
  const found = waitUntil(
    async () => {
      looks += 1;
      return false;
    },
    { everyMs: 300, forMs: 1000 },
  );
  await pass(1200);
  expect(await found).toBe(false);
  expect(looks).toBe(5);
});
