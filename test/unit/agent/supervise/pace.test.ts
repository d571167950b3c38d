import { expect, test } from "vitest";
import { Pace } from "../../../../src/agent/supervise/pace.ts";
import { fakeTime } from "../../support/fake-time.ts";

test("asks quickly while something is not ready, and not for ever", async () => {
  const { clock, pass } = fakeTime();
  let pokes = 0;
  const pace: Pace = new Pace(clock, () => {
    pokes += 1;
    pace.note(false);
  });
  pace.note(false);
  await pass(1000);
  expect(pokes).toBe(4);
  await pass(60_000);
  expect(pokes).toBe(60);
});

test("what is ready is asked for no more, and what ceases to be starts over", async () => {
  const { clock, pass } = fakeTime();
  let pokes = 0;
  const pace = new Pace(clock, () => void (pokes += 1));
  pace.note(false);
  pace.note(true);
  await pass(60_000);
  expect(pokes).toBe(0);
  pace.note(false);
  await pass(250);
  expect(pokes).toBe(1);
});
