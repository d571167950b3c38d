import { assert, constantFrom, integer, property, record, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import {
  canonicalPrefix,
  describeDelegations,
  desiredRoutes,
  diffRoutes,
  type KeaLease,
  type PdRoute,
} from "../../../src/core/bng/leases.ts";

const NOW = 1_000_000;

const lease = (over: Partial<KeaLease> = {}): KeaLease => ({
  type: "IA_PD",
  state: 0,
  "ip-address": "2001:db8:a:8000::",
  "prefix-len": 56,
  "valid-lft": 14_400,
  "preferred-lft": 1800,
  cltt: NOW - 100,
  duid: "00:03:00:01:02:00:00:00:00:55",
  iaid: 1,
  ...over,
});
const HOPS = new Map([["2001:db8:a:8000::/56", "fe80::1"]]);

test("only active delegations with a known next hop are routed", () => {
  const wanted = [{ prefix: "2001:db8:a:8000::/56", via: "fe80::1" }];
  expect(desiredRoutes([lease()], HOPS, NOW)).toEqual(wanted);
  expect(desiredRoutes([lease({ state: 2 })], HOPS, NOW)).toEqual([]);
  expect(desiredRoutes([lease({ cltt: NOW - 14_400 })], HOPS, NOW)).toEqual([]);
  expect(desiredRoutes([lease({ type: "IA_NA", "prefix-len": 128 })], HOPS, NOW)).toEqual([]);
  expect(desiredRoutes([lease({ "ip-address": "2001:db8:a:8100::" })], HOPS, NOW)).toEqual([]);
});

test("a prefix has one spelling, whoever writes it", () => {
  expect(canonicalPrefix("2001:0db8:000a:8000::/56")).toBe("2001:db8:a:8000::/56");
  expect(canonicalPrefix("2001:db8::1")).toBe("2001:db8::1/128");
});

test("a delegation whose kernel route goes elsewhere is not called routed", () => {
  const describe = (routes: PdRoute[]): boolean | undefined =>
    describeDelegations([lease()], HOPS, routes, NOW)[0]?.routed;
  expect(describe([{ prefix: "2001:db8:a:8000::/56", via: "fe80::1" }])).toBe(true);
  expect(describe([{ prefix: "2001:db8:a:8000::/56", via: "fe80::2" }])).toBe(false);
  expect(describe([])).toBe(false);
  expect(describeDelegations([lease()], HOPS, [], NOW)).toMatchObject([
    { preferredS: 1800, validS: 14_400, expiresInS: 14_300 },
  ]);
});

test("after the difference is applied, the routes are the desired ones, and nothing is left to do", () => {
  const routes = uniqueArray(
    record({
      prefix: integer({ min: 0, max: 20 }).map((number) => `2001:db8:a:${number.toString(16)}00::/56`),
      via: constantFrom("fe80::1", "fe80::2"),
    }),
    { selector: ({ prefix }) => prefix },
  );
  assert(
    property(routes, routes, (desired, actual) => {
      const { replace, remove } = diffRoutes(desired, actual);
      const result = new Map<string, string>(actual.map(({ prefix, via }) => [prefix, via]));
      for (const { prefix } of remove) result.delete(prefix);
      for (const { prefix, via } of replace) result.set(prefix, via);
      const wanted = new Map(desired.map(({ prefix, via }) => [prefix, via]));
      expect(result).toEqual(wanted);
      const after = [...result].map(([prefix, via]) => ({ prefix, via }));
      expect(diffRoutes(desired, after)).toEqual({ replace: [], remove: [] });
    }),
  );
});
