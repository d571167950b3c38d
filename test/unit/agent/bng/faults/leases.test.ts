import { expect, test } from "vitest";
import { leaseMoved, leaseShared } from "../../../../../src/agent/bng/faults/leases.ts";
import type { Lease } from "../../../../../src/core/bng/leases.ts";
import type { Fault } from "../../../../../src/core/faults/fault.ts";

const lease = (prefix: string): Lease => ({
  kind: "prefix",
  prefix,
  duid: "00:03:00:01:02:00:00:00:00:42",
  iaid: 1,
  heardAtS: 1_794_000_000,
  endsAtS: 1_795_000_000,
  preferredS: 1800,
  validS: 14_400,
  customer: { via: "fe80::1", mac: "02:00:00:00:00:42" },
});
const LEASES = [lease("2001:db8:a:8100::/56"), lease("2001:db8:a:8000::/56")];

const fault = (kind: Fault["kind"], options: Record<string, string> = {}): Fault => ({
  id: "alpha-1",
  kind,
  direction: "down",
  options,
  since: "2026-11-24T12:00:00.000Z",
});
const noted = (leases: readonly { prefix: string }[]): string[] => leases.map(({ prefix }) => prefix);

test("of those who are told another prefix, what they have is noted", () => {
  const moved = leaseMoved({ all: () => LEASES });
  expect(noted(moved.take(fault("dhcpv6-old-and-new")))).toEqual(noted(LEASES));
  const chosen = fault("dhcpv6-old-and-new", { from: "2001:db8:a:8000::/56" });
  expect(noted(moved.take(chosen))).toEqual(["2001:db8:a:8000::/56"]);
});

test("the prefix that all are told is the first one that is leased, or the one that is named", () => {
  const shared = leaseShared({ all: () => LEASES });
  expect(noted(shared.take(fault("dhcpv6-duplicate")))).toEqual(["2001:db8:a:8000::/56"]);
  expect(shared.take(fault("dhcpv6-duplicate", { prefix: "2001:db8:a:9000::/56" }))).toEqual([]);
  expect(() => leaseShared({ all: () => [] }).take(fault("dhcpv6-duplicate"))).toThrow(/say which/);
});
