import { expect, test } from "vitest";

import { parseAdvertisements } from "../../../../../src/core/render/cpe/advertisement.ts";
import {
  defaultRouters,
  desiredLanRoutes,
  desiredLanRules,
  hasQuestions,
  nextHeard,
  ranked,
  routerOfSource,
  type LanState,
} from "../../../../../src/core/render/cpe/lan-routing.ts";
import {
  changes,
  presentRoutes,
  presentRules,
  type RuleEntry,
} from "../../../../../src/core/render/cpe/routing.ts";

const ALPHA = "fe80::1:5d8b:6dab";
const BETA = "fe80::1:af81:e4c7";
const FROM_ALPHA = "2001:db8:a:0:6d:4eff:fe4e:5564";
const FROM_BETA = "2001:db8:b:0:6d:4eff:fe4e:5564";

/** As rdisc6 1.0.8 printed the advertisements of two BNGs. */
const HEARD = `Soliciting ff02::2 (ff02::2) on eth0...

Hop limit                 :           64 (      0x40)
Stateful address conf.    :          Yes
Router preference         :       medium
Router lifetime           :         1800 (0x00000708) seconds
 MTU                      :         1420 bytes (valid)
 Prefix                   : 2001:db8:b::/64
  On-link                 :          Yes
  Autonomous address conf.:          Yes
  Valid time              :        14400 (0x00003840) seconds
  Pref. time              :         1800 (0x00000708) seconds
 Recursive DNS server     : 2001:db8::1
  DNS server lifetime     :          180 (0x000000b4) seconds
 from ${BETA}

Hop limit                 :           64 (      0x40)
 Prefix                   : 2001:db8:a::/64
  On-link                 :          Yes
 Recursive DNS server     : 2001:db8:a::53
 from ${ALPHA}
`;

const state: LanState = {
  interface: "eth0",
  expected: [
    { provider: "alpha", address: ALPHA },
    { provider: "beta", address: BETA },
  ],
  routers: [
    { address: BETA, preference: "medium" },
    { address: ALPHA, preference: "medium" },
  ],
  heard: parseAdvertisements(HEARD),
  addresses: [
    { address: FROM_BETA, preferred: true, byHand: false },
    { address: FROM_ALPHA, preferred: true, byHand: false },
  ],
};

/** As iproute2 6.15 printed them on such a host. */
const rules: RuleEntry[] = JSON.parse(
  `[{"priority":0,"src":"all","table":"local"},{"priority":1000,"src":"all","table":"main","suppress_prefixlen":0},{"priority":1100,"src":"2001:db8:a::","srclen":64,"table":"100"},{"priority":1101,"src":"2001:db8:b::","srclen":64,"table":"101"},{"priority":1190,"src":"2000::","srclen":3,"table":"98"},{"priority":1190,"src":"fc00::","srclen":7,"table":"98"},{"priority":1200,"src":"all","table":"99"},{"priority":32766,"src":"all","table":"main"}]`,
);
const routes = JSON.parse(
  `[{"type":"unreachable","dst":"default","dev":"lo","table":"98","metric":4278198272,"flags":[],"pref":"medium"},{"dst":"default","gateway":"${ALPHA}","dev":"eth0","table":"99","prefsrc":"${FROM_ALPHA}","metric":1124,"flags":[],"pref":"medium"},{"dst":"default","gateway":"${BETA}","dev":"eth0","table":"99","prefsrc":"${FROM_BETA}","metric":1125,"flags":[],"pref":"medium"},{"dst":"default","gateway":"${ALPHA}","dev":"eth0","table":"100","metric":1024,"flags":[],"pref":"medium"},{"dst":"default","gateway":"${BETA}","dev":"eth0","table":"101","metric":1024,"flags":[],"pref":"medium"}]`,
) as Parameters<typeof presentRoutes>[0];

const toDo = (one: LanState): string[] => [
  ...changes("route", presentRoutes(routes), desiredLanRoutes(one)),
  ...changes("rule", presentRules(rules), desiredLanRules(one)),
];

test("each router's own prefixes and DNS servers are read from rdisc6", () => {
  expect(parseAdvertisements(HEARD)).toEqual([
    { router: BETA, prefixes: ["2001:db8:b::/64"], servers: ["2001:db8::1"], search: [] },
    { router: ALPHA, prefixes: ["2001:db8:a::/64"], servers: ["2001:db8:a::53"], search: [] },
  ]);
  expect(parseAdvertisements("Soliciting ff02::2 (ff02::2) on eth0...\nTimed out.\n")).toEqual([]);
});

test("a host that is as it should be needs no change, in whatever order its routers came", () => {
  expect(toDo(state)).toEqual([]);
  expect(hasQuestions(state)).toBe(false);
});

test("a source belongs to the router that announced its prefix, and to none when nobody did", () => {
  expect(routerOfSource(FROM_ALPHA, state)).toBe(ALPHA);
  expect(routerOfSource(FROM_BETA, state)).toBe(BETA);
  expect(routerOfSource("2001:db8:c::1", state)).toBeUndefined();
});

test("a router that is gone leaves its prefix without a way out, and the others as they are", () => {
  const gone = { ...state, routers: state.routers.filter(({ address }) => address !== ALPHA) };
  expect(toDo(gone)).toEqual([
    `route del default via ${ALPHA} dev eth0 src ${FROM_ALPHA} table 99 metric 1124 proto 202`,
    `route del default via ${ALPHA} dev eth0 table 100 metric 1024 proto 202`,
  ]);
  expect(hasQuestions(gone)).toBe(true);
});

test("a source that no router has explained yet goes nowhere, one that was given by hand goes as what has none", () => {
  const before = { ...state, heard: [] };
  const rulesOf = (one: LanState): string[] =>
    desiredLanRules(one).filter((rule) => /from 2|from f/.test(rule));
  const ends = ["priority 1190 from 2000::/3 lookup 98", "priority 1190 from fc00::/7 lookup 98"];
  expect(rulesOf(before)).toEqual(ends);
  const byHand = { address: "2001:db8:bad::1", preferred: true, byHand: true };
  expect(rulesOf({ ...before, addresses: [...before.addresses, byHand] })).toEqual([
    "priority 1150 from 2001:db8:bad::1/128 lookup 99",
    ...ends,
  ]);
  const announced = { ...byHand, address: FROM_ALPHA.replace("6d:4eff", "1:2") };
  expect(rulesOf({ ...state, addresses: [announced] }).some((rule) => rule.includes("1150"))).toBe(false);
});

test("the preferred router comes first for what has no source", () => {
  const routers = [{ address: BETA, preference: "high" }, state.routers[1]] as LanState["routers"];
  const preferred = { ...state, routers };
  expect(ranked(preferred)).toEqual([BETA, ALPHA]);
  expect(desiredLanRoutes(preferred)).toContain(
    `default via ${BETA} dev eth0 src ${FROM_BETA} table 99 metric 1025`,
  );
});

test("of two routers that announce a prefix the usable one counts, and the other when it comes back", () => {
  const shared = state.heard.map((one) => ({ ...one, prefixes: ["2001:db8:a::/64", "2001:db8:b::/64"] }));
  const both = { ...state, heard: shared };
  expect(routerOfSource(FROM_ALPHA, both)).toBe(ALPHA);
  expect(routerOfSource(FROM_ALPHA, { ...both, routers: [{ address: BETA, preference: "low" }] })).toBe(BETA);
});

test("an address or a router that nobody explains is asked about, and so is a provider that is not heard", () => {
  const addresses = [...state.addresses, { address: "2001:db8:c::1", preferred: true, byHand: false }];
  expect(hasQuestions({ ...state, addresses })).toBe(true);
  expect(hasQuestions({ ...state, heard: state.heard.slice(1) })).toBe(true);
  expect(hasQuestions({ ...state, routers: state.routers.slice(1) })).toBe(true);
});

test("a deprecated address is no source for what has none", () => {
  const addresses = state.addresses.map((one) => ({ ...one, preferred: one.address !== FROM_ALPHA }));
  expect(toDo({ ...state, addresses })).toEqual([
    `route del default via ${ALPHA} dev eth0 src ${FROM_ALPHA} table 99 metric 1124 proto 202`,
  ]);
});

test("a router is remembered as long as it is usable or an address is from its prefix; a new word replaces the old", () => {
  const addresses = state.addresses.filter(({ address }) => address !== FROM_ALPHA);
  const without = { ...state, addresses, routers: [] };
  expect(nextHeard(without, []).map(({ router }) => router)).toEqual([BETA]);
  const renumbered = { router: ALPHA, prefixes: ["2001:db8:c::/64"], servers: [], search: [] };
  expect(nextHeard(state, [renumbered]).find(({ router }) => router === ALPHA)).toEqual(renumbered);
});

test("routers are the kernel's routes from advertisements on the port, without those that have expired", () => {
  const kernel = JSON.parse(
    `[{"dst":"default","gateway":"${BETA}","dev":"eth0","metric":1024,"expires":1798,"metrics":[{"mtu":1420,"hoplimit":64}],"pref":"high"},{"dst":"default","gateway":"${ALPHA}","dev":"eth0","metric":1024,"expires":-3,"pref":"medium"},{"dst":"default","gateway":"fe80::9","dev":"eth1","metric":1024,"pref":"medium"}]`,
  ) as Parameters<typeof defaultRouters>[0];
  expect(defaultRouters(kernel, "eth0")).toEqual([{ address: BETA, preference: "high" }]);
});
