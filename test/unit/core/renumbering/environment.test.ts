import { expect, test } from "vitest";
import { parsePrefix6, type Prefix6 } from "../../../../src/core/ip6.ts";
import { environmentFor, renumberedEnvironment } from "../../../../src/core/renumbering/environment.ts";

const prefix = (text: string): Prefix6 => {
  const parsed = parsePrefix6(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const alphaWith = (pool?: string): Record<string, string> => ({
  RA_LIFETIME: "600",
  ASSIGNED_PREFIX: "2001:db8:a::/48",
  ...(pool === undefined ? {} : { DELEGATED_PREFIX: pool }),
});

test.each([
  ["the usual pool follows by itself", "2001:db8:a:8000::/49", "2001:db8:b::/48", undefined],
  ["also into a prefix of another length", "2001:db8:a:8000::/49", "2001:db8:b00::/40", undefined],
  [
    "a pool with a place of its own keeps it",
    "2001:db8:a:4000::/50",
    "2001:db8:b::/48",
    "2001:db8:b:4000::/50",
  ],
  [
    "in a prefix of another length it has none",
    "2001:db8:a:4000::/50",
    "2001:db8:b::/56",
    "2001:db8:a:4000::/50",
  ],
  ["where none is named, none is", undefined, "2001:db8:b::/48", undefined],
])("%s", (_, pool, to, expected) => {
  expect(environmentFor(alphaWith(pool), prefix(to))).toEqual({
    RA_LIFETIME: "600",
    ASSIGNED_PREFIX: to,
    ...(expected === undefined ? {} : { DELEGATED_PREFIX: expected }),
  });
});

test("what is excluded, reserved and announced keeps its place in the other prefix, and a DUID is no place", () => {
  const places = (net: string): Record<string, string> => ({
    ASSIGNED_PREFIX: `2001:db8:${net}::/48`,
    DELEGATED_EXCLUDE: `2001:db8:${net}:80ff::/64`,
    DHCPV6_RESERVATIONS: `duid=00:03:00:01:02:00:00:00:00:42,prefix=2001:db8:${net}:9000::/56,address=2001:db8:${net}::1:42`,
    RA_PREFIXES: `prefix=2001:db8:${net}:1::/64,on-link=no prefix=2001:db8:${net}:2::/64,preferred=0`,
    DNS_SERVERS: "2001:db8:a::53",
  });
  expect(environmentFor(places("a"), prefix("2001:db8:b::/48"))).toEqual(places("b"));
});

test("there and back is the same", () => {
  const there = environmentFor(alphaWith("2001:db8:a:4000::/50"), prefix("2001:db8:b::/48"));
  expect(environmentFor(there, prefix("2001:db8:a::/48"))).toEqual(alphaWith("2001:db8:a:4000::/50"));
});

test("a provider that is renumbered has the first of its prefixes; without phases that of its lab file", () => {
  expect(renumberedEnvironment(alphaWith(), undefined)).toEqual(alphaWith());
  expect(
    renumberedEnvironment(alphaWith(), [
      { prefix: "2001:db8:b::/48", state: "current" },
      { prefix: "2001:db8:a::/48", state: "deprecated" },
    ])["ASSIGNED_PREFIX"],
  ).toBe("2001:db8:b::/48");
});
