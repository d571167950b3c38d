/** What the page's tables are made of. */
import { expect, test } from "vitest";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import type { ProviderStatus } from "../../../../src/core/model/status/model.ts";
import { comparedFields } from "../../../../src/web/tables/advertisement-fields.ts";
import { leaseRows, ORDERS } from "../../../../src/web/tables/lease-rows.ts";
import { prefixMaps } from "../../../../src/web/tables/prefix-map.ts";

const lease = { iaid: 1, mac: null, preferredS: 60, validS: 100, expiresAt: "2026-11-24T12:00:00Z" };
const alpha: ProviderStatus = {
  ...NODES.bng.silent({ name: "alpha", state: "running", problem: { code: "x", message: "x" } }),
  prefix: "2001:db8:a::/48",
  transfer: "2001:db8:a::/64",
  pool: "2001:db8:a:8000::/49",
  dhcp: { delegationLength: 56, renewS: 30, rebindS: 48 },
  settings: { RA_LIFETIME: "1800" },
  delegations: [
    {
      ...lease,
      mac: "02:00:00:00:00:aa",
      prefix: "2001:db8:a:8000::/56",
      via: "fe80::1",
      duid: "00:01:00:01:30:00:00:00:02:00:00:00:00:aa",
      routed: true,
    },
  ],
  addresses: [{ ...lease, expiresAt: "2026-11-24T11:00:00Z", address: "2001:db8:a::1", duid: "00:04:aa" }],
};

test("prefixes and addresses are rows alike, with the MAC that each is bound to", () => {
  const rows = leaseRows({ providers: [alpha] });
  expect(rows.map(({ kind, mac, renewS, rebindS, routed }) => [kind, mac, renewS, rebindS, routed])).toEqual([
    ["prefix", "02:00:00:00:00:aa", 30, 48, true],
    ["address", null, 30, 48, null],
  ]);
  expect(rows.toSorted(ORDERS["ends first"]).map(({ kind }) => kind)).toEqual(["address", "prefix"]);
});

test("a map tells where each part of a space is; what is not of it is left out", () => {
  const [whole, pool] = prefixMaps(alpha);
  expect(whole?.parts.map(({ what, at, share }) => [what, at, share])).toEqual([
    ["transfer", 0, 2 ** -16],
    ["pool", 0.5, 0.5],
    ["delegated", 0.5, 2 ** -8],
  ]);
  expect(pool?.parts).toMatchObject([{ what: "delegated", at: 0, share: 2 ** -7 }]);
  const [odd] = prefixMaps({ ...alpha, transfer: "2001:db8:b::/64", pool: "rubbish", delegations: [] });
  expect(odd?.parts).toEqual([]);
  expect(
    prefixMaps({ ...alpha, prefix: "::/0", transfer: "8000::/1", pool: null, delegations: [] })[0]?.parts,
  ).toMatchObject([{ at: 0.5, share: 0.5 }]);
});

test("what is excluded is drawn in each delegation, and the first one by itself", () => {
  const delegations = ["2001:db8:a:8000::/56", "2001:db8:a:9000::/56"].map((prefix) => ({
    ...lease,
    prefix,
    via: "fe80::1",
    duid: "00:04:aa",
    routed: true,
  }));
  const settings = { ...alpha.settings, DELEGATED_EXCLUDE: "2001:db8:a:80ff::/64" };
  const maps = prefixMaps({ ...alpha, delegations, settings });
  expect(maps.map(({ whole }) => whole)).toEqual([
    "2001:db8:a::/48",
    "2001:db8:a:8000::/49",
    "2001:db8:a:8000::/56",
  ]);
  const excluded = maps.map(({ parts }) =>
    parts.filter(({ what }) => what === "excluded").map(({ prefix }) => prefix),
  );
  const both = ["2001:db8:a:80ff::/64", "2001:db8:a:90ff::/64"];
  expect(excluded).toEqual([both, both, both.slice(0, 1)]);
  expect(maps[2]?.parts).toMatchObject([
    { what: "delegated", at: 0, share: 1 },
    { what: "excluded", at: 255 / 256, share: 1 / 256 },
  ]);
});

test("former prefixes have maps of their own while a provider is renumbered", () => {
  const former = { prefix: "2001:db8:f::/48", state: "deprecated", endsAt: null } as const;
  const current = { ...former, prefix: "2001:db8:a::/48", state: "current" } as const;
  const maps = prefixMaps({ ...alpha, prefixes: [current, former] });
  expect(maps.map(({ whole, former: was }) => [whole, was?.state])).toEqual([
    ["2001:db8:a::/48", undefined],
    ["2001:db8:a:8000::/49", undefined],
    ["2001:db8:f::/48", "deprecated"],
  ]);
});

test("a field that changed tells its value before; one that came or went says so, also of several by one name", () => {
  const field = (name: string, value: string) => ({ name, value });
  const before = [
    field("MTU", "1420"),
    field("DNS server", "2001:db8::1"),
    field("DNS server", "2001:db8::2"),
    field("M", "yes"),
  ];
  const fields = [
    field("MTU", "9000"),
    field("DNS server", "2001:db8::2"),
    field("Route ::/0", "high"),
    field("M", "yes"),
  ];
  expect(comparedFields({ fields, before })).toEqual([
    { name: "MTU", value: "9000", before: "1420" },
    field("DNS server", "2001:db8::2"),
    { name: "Route ::/0", value: "high", before: null },
    field("M", "yes"),
    { name: "DNS server", value: "2001:db8::1", gone: true },
  ]);
  expect(comparedFields({ fields, before: null })).toEqual(fields);
});
