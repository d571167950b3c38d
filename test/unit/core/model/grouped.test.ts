import { expect, test } from "vitest";
import { groupBy } from "../../../../src/core/model/grouped.ts";

test("items of one key stand together; keys and items keep their order", () => {
  const groups = groupBy(["beta", "alpha", "bravo", "art", "c"], (word) => word[0]);
  expect([...groups]).toEqual([
    ["b", ["beta", "bravo"]],
    ["a", ["alpha", "art"]],
    ["c", ["c"]],
  ]);
  expect([...groupBy([], String)]).toEqual([]);
});
