import { expect, test } from "vitest";
import { least } from "../../../../src/core/model/least.ts";

test("the smallest is found among what is there, and nothing among nothing", () => {
  expect(least([3, undefined, -2, 5])).toBe(-2);
  expect(least([undefined, 7])).toBe(7);
  expect(least([undefined])).toBeUndefined();
  expect(least([])).toBeUndefined();
  expect(least(Array.from({ length: 200_000 }, (_, index) => 200_000 - index))).toBe(1);
});
