/** What a CPE lets its hosts know, and what a host makes of it. */
import { expect, test } from "vitest";
import { nextDelegations, type Delegation } from "../../../../../src/core/render/cpe/delegations.ts";
import type { LanRouter } from "../../../../../src/core/render/cpe/documents.ts";
import { isFrom, nextForgotten, NOTHING_FORGOTTEN } from "../../../../../src/core/render/cpe/forget.ts";
import {
  lanNotice,
  providerOfAddress,
  providersWithout,
} from "../../../../../src/core/render/cpe/lan-notice.ts";

const NOW = 1000;
const leased = (value: string) => ({ value, preferredUntil: NOW + 1800, validUntil: NOW + 14_400 });
const [ALPHA, BETA] = [leased("2001:db8:a:8000::/56"), leased("2001:db8:b:8000::/56")];
const both = ["alpha", "beta"].map((provider, wan) => ({ wan, provider }));
const delegated = (...present: (typeof ALPHA | undefined)[]): Delegation[] =>
  nextDelegations([], listed(present), NOW);
/** A list per WAN. */
const listed = (present: readonly (typeof ALPHA | undefined)[]): (typeof ALPHA)[][] =>
  present.map((one) => (one === undefined ? [] : [one]));

test("a host waits for the address of each provider until all have delegated", () => {
  const first = lanNotice(both, delegated(ALPHA, undefined), false);
  expect(first.providers).toEqual([
    { provider: "alpha", prefix: "2001:db8:a:8001::/64" },
    { provider: "beta", prefix: null },
  ]);
  expect(providersWithout(["2001:db8:a:8001::5"], first)).toEqual(["beta"]);
  const all = lanNotice(both, delegated(ALPHA, BETA), true);
  expect(providersWithout(["2001:db8:a:8001::5"], all)).toEqual(["beta"]);
  expect(providersWithout(["2001:db8:a:8001::5", "2001:db8:b:8001::5"], all)).toEqual([]);
});

test("a provider that has taken its delegation back is no fault of a host's, and its lingering address is still its", () => {
  const before = delegated(ALPHA, BETA);
  const after = lanNotice(both, nextDelegations(before, listed([ALPHA, undefined]), NOW + 60), true);
  expect(providersWithout(["2001:db8:a:8001::5"], after)).toEqual([]);
  expect(providerOfAddress("2001:db8:b:8001::5", after)).toBe("beta");
});

test("a provider that delegates another prefix is waited for again: an old address does not do", () => {
  const after = lanNotice(
    both,
    nextDelegations(delegated(ALPHA, BETA), listed([ALPHA, leased("2001:db8:b:9000::/60")]), NOW),
    true,
  );
  const preferred = ["2001:db8:a:8001::5", "2001:db8:b:8001::5"];
  expect(providersWithout(preferred, after)).toEqual(["beta"]);
});

test("what nobody has any more is told, until somebody has it again; hosts take such addresses off", () => {
  const first = lanNotice(both, delegated(ALPHA, BETA), true);
  const without = lanNotice(both, delegated(ALPHA, undefined), true, first);
  expect(first.gone).toEqual([]);
  expect(without.gone).toEqual(["2001:db8:b:8001::/64"]);
  expect(lanNotice(both, delegated(ALPHA, undefined), true, without).gone).toEqual(["2001:db8:b:8001::/64"]);
  expect(lanNotice(both, delegated(ALPHA, BETA), true, without).gone).toEqual([]);
  expect(isFrom("2001:db8:b:8001::5", without.gone)).toBe(true);
  expect(isFrom("2001:db8:a:8001::5", without.gone)).toBe(false);
});

test("on a shared LAN the routers and prefixes that the lab file had once are forgotten, and expected again when it has them", () => {
  const router = (provider: string, prefix: string): LanRouter => ({
    provider,
    address: `fe80::${provider}`,
    prefix,
  });
  const [a, b, c] = [
    router("a", "2001:db8:a::/64"),
    router("b", "2001:db8:b::/64"),
    router("a", "2001:db8:c::/64"),
  ];
  const first = nextForgotten(NOTHING_FORGOTTEN, [a, b], [c]);
  expect(first).toEqual({ routers: ["fe80::b"], prefixes: ["2001:db8:a::/64", "2001:db8:b::/64"] });
  expect(nextForgotten(first, [c], [c])).toEqual(first);
  expect(nextForgotten(first, [c], [a, b])).toEqual({ routers: [], prefixes: ["2001:db8:c::/64"] });
});

test("without a word of the CPE nobody is missed", () => {
  expect(providersWithout([], undefined)).toEqual([]);
  expect(providerOfAddress("2001:db8:a:8001::5", undefined)).toBeUndefined();
});
