import { expect, test } from "vitest";
import { byName } from "../../../../../src/core/render/nodes/node.ts";

test("names are ordered by code points, and numbers in them by value", () => {
  const names = ["isp-10", "isp-2", "alpha", "isp-1", "home-host12", "home-host3", "isp", "isp-1b"];
  expect(
    names
      .map((name) => ({ name }))
      .toSorted(byName)
      .map(({ name }) => name),
  ).toEqual(["alpha", "home-host3", "home-host12", "isp", "isp-1", "isp-1b", "isp-2", "isp-10"]);
});
