import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Delegations } from "../../../../../src/agent/bng/leases/delegations.ts";
import { systemClock } from "../../../../../src/agent/clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a loop that fails and goes on failing is told, until it succeeds again", async () => {
  let answers = false;
  const delegations = new Delegations({
    isLive: () => true,
    interface: "no-such-port",
    clock: systemClock(),
    onChange: () => {},
    page: async () => {
      if (answers) return [];
      throw new Error("Kea does not answer");
    },
  });
  const failure = (): string | undefined => delegations.describe(0).failure;
  delegations.start();
  await vi.advanceTimersByTimeAsync(4000);
  expect(failure()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(2000);
  expect(failure()).toBe("Kea does not answer");
  answers = true;
  await vi.advanceTimersByTimeAsync(5000);
  expect([failure(), delegations.known]).toEqual([undefined, true]);
  delegations.stop();
});
