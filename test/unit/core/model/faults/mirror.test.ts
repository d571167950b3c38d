import { expect, test } from "vitest";
import { mirroredIn } from "../../../../../src/core/model/faults/dhcpv6.ts";
import { parsePrefix6 } from "../../../../../src/core/model/ip6.ts";

test.each([
  ["2001:db8:a:8000::/49", "2001:db8:a:8000::/56", "2001:db8:a:ff00::/56"],
  ["2001:db8:a:8000::/49", "2001:db8:a:ff00::/56", "2001:db8:a:8000::/56"],
  ["2001:db8:a:8000::/49", "2001:db8:a:8100::/56", "2001:db8:a:fe00::/56"],
  ["2001:db8:a:8000::/55", "2001:db8:a:8100::/56", "2001:db8:a:8000::/56"],
  ["2001:db8:a:8000::/56", "2001:db8:a:8000::/56", undefined],
  ["2001:db8:a:8000::/49", "2001:db8:b::/56", undefined],
  ["2001:db8:a:8000::/49", "nothing", undefined],
])("in %s, %s is mirrored to %s", (pool, prefix, expected) => {
  expect(mirroredIn(parsePrefix6(pool), prefix)).toBe(expected);
});

test("without a pool there is nothing to give", () => {
  expect(mirroredIn(undefined, "2001:db8:a:8000::/56")).toBeUndefined();
});
