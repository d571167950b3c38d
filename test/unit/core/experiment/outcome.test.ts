import { expect, test } from "vitest";
import type { StepResult, Verdict } from "../../../../src/core/experiment/model.ts";
import { exitCodeOf } from "../../../../src/core/experiment/outcome.ts";

const run = (outcomes: StepResult["outcome"][], results: Verdict["result"][], partial = false) => ({
  steps: outcomes.map((outcome) => ({ outcome }) as StepResult),
  verdicts: results.map((result) => ({ result }) as Verdict),
  partial,
});

test.each([
  [0, run(["done"], ["met", "known-failure"])],
  [1, run(["done"], ["met", "not-met"])],
  [1, run(["failed"], ["met"])],
  [1, run(["done"], ["unexpectedly-met"])],
  [1, run(["done"], ["not-reached"])],
  [1, run(["done"], ["met"], true)],
  [127, run(["unsupported"], ["not-met"])],
  [127, run(["done"], ["unsupported"])],
] as const)("a run ends the program with %i", (code, one) => {
  expect(exitCodeOf([one])).toBe(code);
});

test("of several runs the worst counts", () => {
  const [met, not] = [run([], ["met"]), run([], ["not-met"])];
  expect(exitCodeOf([met, not, met])).toBe(1);
  expect(exitCodeOf([met, not, run(["unsupported"], [])])).toBe(127);
});
