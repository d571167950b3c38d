import { expect, test } from "vitest";
import { chainsOf, endS, lastWindowS } from "../../../../../src/core/judge/scenario/schedule.ts";
import { limitOf } from "../../../../../src/core/judge/scenario/steps/registry.ts";
import type { Expectation } from "../../../../../src/core/judge/scenario/expectations/registry.ts";
import type { Step } from "../../../../../src/core/judge/scenario/steps/registry.ts";
import type { Scenario } from "../../../../../src/core/judge/scenario/record.ts";
import type { StepResult } from "../../../../../src/core/judge/experiment/record.ts";

const mark = (id: string, atS: number | null): Step => ({ id, atS, do: "mark", text: id });
const fault = (id: string, atS: number | null, options: Record<string, string>): Step => {
  return { id, atS, do: "fault", kind: "ra-stop", provider: "alpha", options };
};
const scenario = (steps: readonly Step[], expected: readonly Expectation[] = []): Scenario => ({
  name: "x",
  title: null,
  source: null,
  lab: "lab.yaml",
  seed: 1,
  probes: { everyMs: 100, targets: [], from: null },
  flows: [],
  captures: [],
  steps,
  expect: expected,
  settleS: 5,
});

test("a step with a time begins a chain, and those without follow the one before", () => {
  const steps = [mark("a", null), mark("b", null), mark("c", 10), mark("d", null), mark("e", 10)];
  expect(chainsOf(steps).map((chain) => [chain.atS, ...chain.steps.map(({ id }) => id)])).toEqual([
    [0, "a", "b"],
    [10, "c", "d"],
    [10, "e"],
  ]);
  expect(chainsOf([])).toEqual([]);
});

test("a run goes on until each fault had its time and each expectation its window", () => {
  const wire: Expectation = {
    id: "0",
    because: null,
    expectedFailure: null,
    kind: "wire",
    node: "home",
    interface: null,
    filter: "icmp6",
    while: [1, 90],
    count: { atLeast: 1, atMost: null },
  };
  expect(endS(scenario([fault("a", 10, { for: "30s" })]), [])).toBe(45);
  expect(endS(scenario([fault("a", 10, { for: "30s" })], [wire]), [])).toBe(90);
  expect(endS(scenario([mark("a", 3)]), [])).toBe(8);
  expect(endS(scenario([]), [])).toBe(5);
  expect(lastWindowS([wire])).toBe(90);
});

test("a step that took longer than planned moves the end, and one that was not reached does not count", () => {
  const steps = [mark("a", 10), mark("b", 20)];
  const result = (id: string, startedS: number, outcome: StepResult["outcome"]): StepResult => ({
    id,
    text: "",
    action: "mark",
    plannedS: null,
    startedS,
    endedS: startedS + 2,
    outcome,
    detail: null,
    exitCode: null,
    faultId: null,
    node: null,
  });
  expect(endS(scenario(steps), [result("a", 30, "done"), result("b", 99, "not-reached")])).toBe(37);
});

test("a wait may take as long as it says, and some time to tell", () => {
  const waiting: Step = {
    id: "w",
    atS: null,
    do: "wait",
    until: { is: "delegated", provider: "a", at: "b" },
    withinS: 60,
  };
  expect(limitOf(waiting)).toBe(65);
});
