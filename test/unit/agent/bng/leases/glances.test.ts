import { expect, test, vi } from "vitest";
import { Delegations } from "../../../../../src/agent/bng/leases/delegations.ts";
import { systemClock } from "../../../../../src/agent/clock.ts";

const kernel = vi.hoisted(() => ({ glances: 0, costMs: 0, nowMs: 0 }));
vi.mock("../../../../../src/agent/net/watch.ts", () => ({ watchNetwork: () => () => {} }));
vi.mock("../../../../../src/agent/net/glance.ts", () => ({
  isPresent: () => true,
  isUp: () => false,
  SteadyRoutes: class {
    async read(): Promise<void> {
      kernel.glances += 1;
      kernel.nowMs += kernel.costMs;
    }
  },
}));
vi.mock("../../../../../src/agent/bng/leases/kernel.ts", () => ({
  KernelSide: class {
    lookAtSets = async () => {};
    lookAtRoutes = async () => {};
    mendSets = async () => ({ put: [], drop: [] });
  },
}));

test.each([
  ["few routes", 5, 60],
  ["many routes", 300, 5],
])("glances at %s take half a percent of the time at most", async (_, costMs, glances) => {
  vi.useFakeTimers();
  Object.assign(kernel, { glances: 0, costMs, nowMs: 0 });
  const delegations = new Delegations({
    isLive: () => true,
    interface: "sub0",
    clock: { ...systemClock(), monotonicMs: () => kernel.nowMs },
    onChange: () => {},
    page: async () => [],
  });
  delegations.start();
  for (let second = 0; second < 300; second++) {
    kernel.nowMs += 1000;
    await vi.advanceTimersByTimeAsync(30_000);
  }
  expect(Math.abs(kernel.glances - glances)).toBeLessThan(4);
  delegations.stop();
  vi.useRealTimers();
});
