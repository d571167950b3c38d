import { expect, test } from "vitest";
import type { StepResult, Verdict } from "../../../../../src/core/judge/experiment/record.ts";
import { exitCodeOf } from "../../../../../src/core/judge/experiment/outcome.ts";

const run = (outcomes: StepResult["outcome"][], results: Verdict["result"][], partial = false) => ({
  steps: outcomes.map((outcome) => ({ outcome }) as StepResult),
  verdicts: results.map((result) => ({ result }) as Verdict),
  partial,
});

test.each([
  [0, run(["done"], ["passed", "expected-failure"])],
  [1, run(["done"], ["passed", "failed"])],
  [1, run(["failed"], ["passed"])],
  [1, run(["done"], ["unexpected-pass"])],
  [1, run(["done"], ["inconclusive"])],
  [1, run(["done"], ["passed"], true)],
  [127, run(["unsupported"], ["failed"])],
  [127, run(["done"], ["unsupported"])],
] as const)("a run ends the program with %i", (code, one) => {
  expect(exitCodeOf([one])).toBe(code);
});

test("of several runs the worst counts", () => {
  const [met, not] = [run([], ["passed"]), run([], ["failed"])];
  expect(exitCodeOf([met, not, met])).toBe(1);
  expect(exitCodeOf([met, not, run(["unsupported"], [])])).toBe(127);
});
