import { describe, expect, test } from "vitest";
import { renderBird, renderFurtherBird } from "../../../../../src/core/render/bng/bird.ts";
import type { BngConfig } from "../../../../../src/core/render/bng/config.ts";
import { renderKea } from "../../../../../src/core/render/bng/kea.ts";
import { prefixOf } from "../../../../../src/core/model/ip6.ts";
import { mendRefusalRoute } from "../../../../../src/core/render/bng/refusal-route.ts";
import {
  elementsOf,
  parseCounted,
  parseElements,
  renderElements,
  renderSourceSets,
} from "../../../../../src/core/render/bng/source-sets.ts";
import { renderSourceValidation } from "../../../../../src/core/render/bng/source-validation.ts";
import type { Settings } from "../../../../../src/core/model/document.ts";
import { alphaConfig } from "../../../support/alpha.ts";

const VARIANTS: Record<string, Settings> = {
  defaults: {},
  everything: {
    "delegation.length": "60",
    "delegation.preferred": "10m",
    "delegation.valid": "20m",
    "delegation.renew": "100s",
    "delegation.rebind": "200s",
    "router-advertisement.managed": "false",
    "router-advertisement.other": "false",
    "router-advertisement.preference": "high",
    "router-advertisement.lifetime": "90s",
    "router-advertisement.interval": "4s",
    "router-advertisement.mtu": "1492",
    dns: "[2001:db8:a::53, 2001:db8:a::54]",
    "dns-search": "[alpha.example]",
    "source-validation": "reject-routed",
  },
  announcements: {
    "router-advertisement.solicited": "multicast",
    "router-advertisement.autonomous": "false",
    "router-advertisement.dns-lifetime": "0s",
    dns: "[2001:db8:a::53]",
    "dns-search": "[alpha.example]",
    "router-advertisement.pref64": "64:ff9b::/96",
    "router-advertisement.pref64-lifetime": "10m",
    "router-advertisement.routes":
      "[{prefix: 2001:db8:f::/48, preference: high, lifetime: 30m}, {prefix: ::/0, preference: low}]",
    "router-advertisement.prefixes":
      "[{prefix: 2001:db8:a:1::/64, on-link: false, autonomous: false}, {prefix: 2001:db8:a:2::/64, preferred: 0s, valid: 10m}]",
    "captive-portal": "https://portal.example/api?a,b",
    "delegation.exclude": "2001:db8:a:80ff::/64",
    "delegation.reservations":
      "[{duid: 00:03:00:01:02:00:00:00:00:42, prefix: 2001:db8:a:9000::/56, address: 2001:db8:a::1:42}, {duid: 00030001020000000043, address: 2001:db8:a::4:3}]",
    "pvd.name": "alpha.example",
    "pvd.http": "true",
    "pvd.delay": "5",
    "pvd.sequence": "258",
    "delegation.sol-max-rt": "1h",
    "delegation.inf-max-rt": "2h",
  },
  "pd-preferred": {
    "router-advertisement.pd-preferred": "true",
    "router-advertisement.pref64": "2001:db8:a:64::/64",
    "router-advertisement.interval": "30m",
  },
  "no-delegation": { prefix: "2001:db8:a:1::/64", "source-validation": "drop" },
  "validation-off": { "source-validation": "off" },
};

const configOf = (variant: string): BngConfig => alphaConfig(VARIANTS[variant]);

describe.each(Object.keys(VARIANTS))("%s", (variant) => {
  test.each([
    ["kea-dhcp6.conf", renderKea],
    ["bird.conf", (config: BngConfig) => renderBird(config, 0)],
    ["source-validation.nft", (config: BngConfig) => renderSourceSets() + renderSourceValidation(config)],
  ] as const)("%s", async (file, render) => {
    await expect(render(configOf(variant))).toMatchFileSnapshot(`../../../golden/bng/${variant}/${file}`);
  });
});

test("what the agent's sets need is said once, and read back the same from nft", () => {
  const mac = "02:00:00:00:00:01";
  const prefix = elementsOf("2001:db8:a:8000::/56", { via: "fe80::1", mac });
  const odd = elementsOf("2001:db8:a:9000::/59", { via: "fe80::1", mac });
  const address = elementsOf("2001:db8:a::1:0/128", { via: "fe80::1", mac });
  const all = [...new Set([...prefix, ...odd, ...address])];
  expect(renderElements({ put: all.map((key) => [key, ""]), drop: [] })).toBe(`\
add element netdev mhlab customers { ${mac} }
add element netdev mhlab delegated56 { ${mac} . 2001:db8:a:8000:: }
add element netdev mhlab nexthops { ${mac} . fe80::1, ${mac} . 2001:db8:a::1:0 }
add element netdev mhlab taken { fe80::1, 2001:db8:a::1:0 }
add element netdev mhlab delegated { ${mac} . 2001:db8:a:9000::/59 }
`);
  expect(renderElements({ put: [], drop: [`taken|fe80::1`] })).toBe(
    "delete element netdev mhlab taken { fe80::1 }\n",
  );
  const prefixOf59 = { prefix: { addr: "2001:db8:a:9000::", len: 59 } };
  const document = {
    nftables: [
      { set: { name: "customers", elem: [mac] } },
      { set: { name: "delegated56", elem: [{ concat: [mac, "2001:db8:a:8000::"] }] } },
      { set: { name: "delegated", elem: [{ concat: [mac, prefixOf59] }] } },
      {
        set: { name: "nexthops", elem: [{ concat: [mac, "fe80::1"] }, { concat: [mac, "2001:db8:a::1:0"] }] },
      },
      { set: { name: "taken", elem: ["fe80::1", "2001:db8:a::1:0"] } },
      { set: { name: "users", elem: ["ignored"] } },
    ],
  };
  expect([...parseElements(JSON.stringify(document)).keys()].sort()).toEqual(all.sort());
});

test("leaks are read from nft's JSON, the busiest address first", () => {
  const flooded = { counter: { name: "flooded", packets: 9 } };
  const document = {
    nftables: [
      { metainfo: {} },
      { counter: { name: "leaksup", packets: 7, bytes: 1 } },
      { set: { name: "delegated", elem: ["ignored"] } },
      { counter: { name: "wrapped", packets: 3 } },
      { set: { name: "flooders", elem: [{ elem: { val: "02:66:00:00:00:01", counter: { packets: 4 } } }] } },
      {
        set: {
          name: "leaksources",
          elem: [
            { elem: { val: "2001:db8:b::1", counter: { packets: 2 } } },
            { elem: { val: "2001:db8:b::2", counter: { packets: 5 } } },
          ],
        },
      },
    ],
  };
  expect(parseCounted(`${JSON.stringify(document)}\n${JSON.stringify({ nftables: [flooded] })}\n`)).toEqual({
    leaks: {
      up: 7,
      down: 0,
      addresses: [
        { direction: "up", address: "2001:db8:b::2", packets: 5 },
        { direction: "up", address: "2001:db8:b::1", packets: 2 },
      ],
    },
    flooded: { packets: 9, senders: [{ mac: "02:66:00:00:00:01", packets: 4 }] },
    dropped: { wrapped: 3, unassigned: 0 },
  });
});

test("the way of refusals is made whole from any state, and left alone when it is there", () => {
  const whole = {
    rules: [{ fwmark: "0x5afe0000", fwmask: "0xffff0000" }],
    routes: [{ dst: "default", gateway: "fe80:5afe::1", table: "23294" }],
    neighbours: [{ dst: "fe80:5afe::1", lladdr: "02:00:00:00:5a:fe" }],
  };
  const [neighbour, route, rule] = [
    "neigh replace fe80:5afe::1 lladdr 02:00:00:00:5a:fe dev sub0 nud permanent",
    "route replace default via fe80:5afe::1 dev sub0 table 23294",
    "rule add fwmark 0x5afe0000/0xffff0000 table 23294",
  ];
  expect(mendRefusalRoute("sub0", whole)).toEqual([]);
  expect(mendRefusalRoute("sub0", { rules: [], routes: [], neighbours: [] })).toEqual([
    neighbour,
    route,
    rule,
  ]);
  expect(mendRefusalRoute("sub0", { ...whole, rules: [{ fwmark: "0x1" }] })).toEqual([rule]);
  expect(mendRefusalRoute("sub0", { ...whole, routes: [{ dst: "default", gateway: "fe80::1" }] })).toEqual([
    route,
  ]);
  const other = { dst: "fe80:5afe::1", lladdr: "02:00:00:00:00:01" };
  expect(mendRefusalRoute("sub0", { ...whole, neighbours: [other] })).toEqual([neighbour]);
});

test("what faults make of the advertisements", async () => {
  const config = configOf("everything");
  const rogue = {
    prefix: prefixOf(0x2001_0db8_0bad_0000n << 64n, 64),
    preference: "high",
    lifetimeS: 60,
  } as const;
  const faults = { preferredS: 0, lifetimeS: 0, mtu: 9000, split: true, rogue };
  await expect(renderBird(config, 0, faults)).toMatchFileSnapshot("../../../golden/bng/faults/bird.conf");
  await expect(renderFurtherBird(config, faults)).toMatchFileSnapshot(
    "../../../golden/bng/faults/further-bird.conf",
  );
  expect(renderFurtherBird(config, { ...faults, split: false })).toBeUndefined();
});

test("what faults make the DHCPv6 server say is a parameter of its hook, and nothing else changes", () => {
  const config = configOf("defaults");
  const told = renderKea(config, {
    delayMs: 2000,
    times: [600, 300],
    moves: [["2001:db8:a:8000::/56", "2001:db8:a:ff00::/56"]],
    second: { prefix: prefixOf(0x2001_0db8_0bad_0000n << 64n, 48), preference: 255 },
  });
  const lines = new Set(renderKea(config).split("\n"));
  expect(
    told
      .split("\n")
      .filter((line) => !lines.has(line))
      .join("\n"),
  ).toMatchInlineSnapshot(`
    "          ],
              "lies": {
                "delay-ms": 2000,
                "times": [
                  600,
                  300
                ],
                "moves": [
                  [
                    "2001:db8:a:8000::/56",
                    "2001:db8:a:ff00::/56"
                  ]
                ],
                "second": {
                  "duid": "000300010200a08db5af",
                  "first-duid": "000300010200d061e144",
                  "home": "2001:db8:bad::/48",
                  "first-home": "2001:db8:a::/48",
                  "preference": 255"
  `);
});
