import { expect, test } from "vitest";
import { actionsOf, type LastingAction } from "../../../../../src/agent/bng/faults/actions.ts";
import type { Lease } from "../../../../../src/core/render/bng/leases.ts";
import type { HeldLease } from "../../../../../src/core/model/faults/fault.ts";
import { readInjection } from "../../../../../src/core/model/faults/injection.ts";
import { bngIntent } from "../intent.ts";

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

type Kind = "dhcpv6-old-and-new" | "dhcpv6-duplicate" | "dns-slow";
const held = (
  kind: Kind,
  options: Record<string, string> = {},
  leases: readonly Lease[] = LEASES,
): string[] => {
  const access = { all: () => leases, forget: async () => [], giveBack: async () => [] };
  const { hold }: LastingAction = actionsOf(bngIntent({}), access)[kind] ?? {};
  const found: readonly HeldLease[] = hold?.(readInjection(kind, options)) ?? [];
  return found.map(({ prefix }) => prefix);
};

test("of those who are given another prefix, what they have is kept", () => {
  expect(held("dhcpv6-old-and-new")).toEqual(LEASES.map(({ prefix }) => prefix));
  const from = "2001:db8:a:8000::/56";
  expect(held("dhcpv6-old-and-new", { from })).toEqual([from]);
});

test("the prefix that all are given is the first one that is leased, or the one that is named", () => {
  expect(held("dhcpv6-duplicate")).toEqual(["2001:db8:a:8000::/56"]);
  expect(held("dhcpv6-duplicate", { prefix: "2001:db8:a:9000::/56" })).toEqual([]);
  expect(() => held("dhcpv6-duplicate", {}, [])).toThrow(/say which/);
});

test("answers of resolvers that are not announced cannot be changed", () => {
  expect(() => held("dns-slow")).toThrow(/announces no resolvers/);
});
