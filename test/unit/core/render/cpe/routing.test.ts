import { expect, test } from "vitest";

import { nextDelegations } from "../../../../../src/core/render/cpe/delegations.ts";
import {
  changes,
  desiredRoutes,
  desiredRules,
  presentRoutes,
  presentRules,
  routerOf,
  type RouteEntry,
  type RuleEntry,
} from "../../../../../src/core/render/cpe/routing.ts";

/** As iproute2 6.15 printed them on a CPE with two WANs. */
const rules: RuleEntry[] = JSON.parse(
  `[{"priority":0,"src":"all","table":"local"},{"priority":1000,"src":"all","table":"main","suppress_prefixlen":0},{"priority":1100,"src":"2001:db8:a:8000::","srclen":56,"table":"100"},{"priority":1100,"src":"2001:db8:a::1:0","table":"100"},{"priority":1101,"src":"2001:db8:b:8000::","srclen":56,"table":"101"},{"priority":1101,"src":"2001:db8:b::1:0","table":"101"},{"priority":1190,"src":"2000::","srclen":3,"table":"98"},{"priority":32766,"src":"all","table":"main"}]`,
);
const routes: RouteEntry[] = JSON.parse(
  `[{"dst":"default","gateway":"fe80::a","dev":"wan0","table":"100","metric":1024,"flags":[],"pref":"medium"},{"type":"unreachable","dst":"default","dev":"lo","table":"100","metric":4278198272,"flags":[],"pref":"medium"},{"dst":"default","gateway":"fe80::b","dev":"wan1","table":"101","metric":1024,"flags":[],"pref":"medium"},{"type":"unreachable","dst":"default","dev":"lo","table":"101","metric":4278198272,"flags":[],"pref":"medium"},{"type":"unreachable","dst":"default","dev":"lo","table":"98","metric":4278198272,"flags":[],"pref":"medium"},{"type":"unreachable","dst":"2001:db8:a:8000::/56","dev":"lo","metric":4278198272,"flags":[],"pref":"medium"},{"type":"unreachable","dst":"2001:db8:b:8000::/56","dev":"lo","metric":4278198272,"flags":[],"pref":"medium"}]`,
);

const first = { wan: 0, interface: "wan0", router: "fe80::a", addresses: ["2001:db8:a::1:0"] };
const second = { wan: 1, interface: "wan1", router: "fe80::b", addresses: ["2001:db8:b::1:0"] };
const wans = [first, second];
const delegations = nextDelegations(
  [],
  ["2001:db8:a:8000::/56", "2001:db8:b:8000::/56"].map((value) => [
    { value, preferredUntil: 2000, validUntil: 9000 },
  ]),
  1000,
);

test("a CPE that is as it should be needs no change", () => {
  expect(changes("rule", presentRules(rules), desiredRules(wans, delegations))).toEqual([]);
  expect(changes("route", presentRoutes(routes), desiredRoutes(wans, delegations))).toEqual([]);
});

test("an empty CPE gets a rule per source and a table per WAN", () => {
  expect(changes("rule", [], desiredRules(wans.slice(0, 1), delegations.slice(0, 1)))).toEqual([
    "rule add priority 1000 from all lookup main suppress_prefixlength 0",
    "rule add priority 1100 from 2001:db8:a:8000::/56 lookup 100",
    "rule add priority 1100 from 2001:db8:a::1:0/128 lookup 100",
    // A source that has no rule yet has no way at all.
    "rule add priority 1190 from 2000::/3 lookup 98",
  ]);
  expect(changes("route", [], desiredRoutes(wans.slice(0, 1), delegations.slice(0, 1)))).toEqual([
    "route add default via fe80::a dev wan0 table 100 metric 1024 proto 202",
    "route add unreachable default dev lo table 100 metric 4278198272 proto 202",
    "route add unreachable default dev lo table 98 metric 4278198272 proto 202",
    "route add unreachable 2001:db8:a:8000::/56 dev lo table main metric 4278198272 proto 202",
  ]);
});

test("without a router the WAN's table ends unreachable, so that nothing leaves by another provider", () => {
  const lost = [{ ...first, router: undefined }, second];
  expect(changes("route", presentRoutes(routes), desiredRoutes(lost, delegations))).toEqual([
    "route del default via fe80::a dev wan0 table 100 metric 1024 proto 202",
  ]);
});

test("a router that changed is added before the old one goes", () => {
  const moved = [{ ...first, router: "fe80::aa" }, second];
  expect(changes("route", presentRoutes(routes), desiredRoutes(moved, delegations))).toEqual([
    "route add default via fe80::aa dev wan0 table 100 metric 1024 proto 202",
    "route del default via fe80::a dev wan0 table 100 metric 1024 proto 202",
  ]);
});

test("rules of others are left alone", () => {
  const foreign: RuleEntry[] = [{ priority: 500, src: "2001:db8::", srclen: 32, table: "7" }];
  expect(presentRules([...rules.slice(0, 1), ...foreign, ...rules.slice(-1)])).toEqual([]);
});

test("the router of an interface is found in plain and in multipath routes", () => {
  expect(routerOf([{ dst: "default", gateway: "fe80::b", dev: "wan1" }], "wan1")).toBe("fe80::b");
  expect(routerOf([{ dst: "default", gateway: "fe80::b", dev: "wan1" }], "wan0")).toBeUndefined();
  const multipath = {
    dst: "default",
    nexthops: [
      { gateway: "fe80::a", dev: "wan0" },
      { gateway: "fe80::b", dev: "wan1" },
    ],
  };
  expect(routerOf([multipath], "wan1")).toBe("fe80::b");
});
