import { expect, test } from "vitest";
import { clockOffset } from "../../../../../src/core/judge/experiment/clock-offset.ts";

test("the question with the shortest way there and back tells the offset, and half of its way is the doubt", () => {
  expect(
    clockOffset([
      { askedMs: 0, thereMs: 5090, answeredMs: 100 },
      { askedMs: 1000, thereMs: 6001, answeredMs: 1002 },
      { askedMs: 2000, thereMs: 7030, answeredMs: 2040 },
    ]),
  ).toEqual({ offsetMs: 5000, uncertaintyMs: 1 });
  expect(clockOffset([])).toBeUndefined();
});
