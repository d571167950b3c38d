import * as fc from "fast-check";
import { expect, test } from "vitest";
import { internetNames } from "../../../../../src/core/render/internet/dns.ts";
import type { InternetConfig } from "../../../../../src/core/model/internet/config.ts";
import { renderNamed, renderZone } from "../../../../../src/core/render/internet/named.ts";
import { parseInternetConfig } from "../../../../../src/core/render/internet/parse.ts";
import { pvdInformation } from "../../../../../src/core/model/internet/pvd.ts";
import { translatorPools, type ProviderServices } from "../../../../../src/core/model/internet/services.ts";
import { providerOf } from "../../../../../src/core/render/internet/sources.ts";
import {
  renderPrefixRewriting,
  renderTayga,
  translatorRoutes,
  translatorRule,
} from "../../../../../src/core/render/internet/translation.ts";
import { parsePrefix6 } from "../../../../../src/core/model/ip6.ts";

const resolver = {
  address: "2001:db8:0:a::53",
  dns64: "64:ff9b::/96",
  answers: [
    { name: "shop.example", address: "192.0.2.80" },
    { name: "Internet.example.", address: "2001:db8::80" },
  ],
};
const plainResolver = { address: "2001:db8:0:b::53", answers: [] };
const nat64 = { prefix: "64:ff9b::/96", pool: "198.19.7.0/24", address: "2001:db8:0:a::64" };
const pvd = {
  name: "PvD.alpha.example.",
  noInternet: true,
  zones: ["corp.example"],
  prefixes: ["2001:db8:a::/48"],
  expiresS: 60,
};
const services: ProviderServices[] = [
  { provider: "alpha", resolver, nat64, pvd },
  { provider: "beta", resolver: plainResolver },
];
const config: InternetConfig = { lab: "two", peers: [], services };
const alpha = { ...nat64, provider: "alpha", mtu: 1420 };

test("what is done for single providers is read as it was written", () => {
  expect(parseInternetConfig(JSON.stringify(config))).toEqual(config);
});

test.each<[object, string]>([
  [{ services: {} }, "services is not a list"],
  [{ services: [{}] }, "services[0].provider is not a text"],
  [
    { services: [{ provider: "a", resolver: { address: "192.0.2.1", answers: [] } }] },
    "services[0].resolver.address is wrong: 192.0.2.1",
  ],
  [
    {
      services: [
        { provider: "a", resolver: { address: "2001:db8::53", answers: [{ name: "a b", address: "::1" }] } },
      ],
    },
    "services[0].resolver.answers[0].name is wrong: a b",
  ],
  [
    { services: [{ provider: "a", nat64: { prefix: "64:ff9b::/96", pool: "10.0.0.0/8", address: "::1" } }] },
    "services[0].nat64.pool is wrong: 10.0.0.0/8",
  ],
  [
    { services: [{ provider: "a", pvd: { ...pvd, prefixes: ["::1/64"] } }] },
    "services[0].pvd.prefixes[0] is wrong",
  ],
])("%j is refused", (wrong, message) => {
  expect(() => parseInternetConfig(JSON.stringify({ ...config, ...wrong }))).toThrow(message);
});

test("a resolver answers what all do, but for its own answers; nothing else exists", () => {
  const zone = renderZone({ ...resolver, provider: "alpha" }, internetNames(config));
  expect(zone.split("\n").filter((line) => /^\S+ (A|AAAA) /.test(line))).toEqual([
    "ns.internet.example. AAAA 2001:db8::1",
    "whoami.example. AAAA 2001:db8::1",
    "pvd.alpha.example. AAAA 2001:db8::1",
    "ipv4only.example. A 192.0.2.1",
    "shop.example. A 192.0.2.80",
    "internet.example. AAAA 2001:db8::80",
  ]);
  expect(zone).toContain(". SOA ns.internet.example.");
});

test("a view is chosen by the address that is asked, and has the provider's prefix", () => {
  const resolvers = [
    { ...resolver, provider: "alpha" },
    { ...plainResolver, provider: "beta" },
  ];
  const text = renderNamed("/run/named", resolvers);
  expect(text).toContain("listen-on-v6 { 2001:db8:0:a::53; 2001:db8:0:b::53; };");
  const [, first = "", second = ""] = text.split("\nview ");
  expect(first).toContain("match-destinations { 2001:db8:0:a::53; };");
  expect(first).toContain("dns64 64:ff9b::/96 {");
  expect(second).toContain('zone "." { type primary; file "/run/named/beta.zone"; };');
  expect(second).not.toContain("dns64");
});

test("the stand-in of the well-known prefix sums up to the same, so that no checksum changes", () => {
  const sum = (text: string): number => {
    const { bits } = parsePrefix6(text) ?? { bits: 0n };
    const words = Array.from({ length: 8 }, (_, index) => Number((bits >> BigInt(16 * index)) & 0xffffn));
    return words.reduce((total, word) => total + word, 0) % 0xffff;
  };
  const [, standIn = ""] = /^prefix (.*)$/m.exec(renderTayga(alpha)) ?? [];
  expect(standIn).not.toBe("64:ff9b::/96");
  expect(sum(standIn)).toBe(sum("64:ff9b::/96"));
});

test("each provider has a translator of its own: device, pool, table and rule", () => {
  expect(renderTayga(alpha)).toBe(`\
tun-device n6-alpha
ipv4-addr 198.19.7.1
ipv6-addr 2001:db8:0:a::64
prefix 2001:db8::d246:0:0/96
dynamic-pool 198.19.7.0/24
`);
  expect(translatorRoutes(alpha)).toEqual([
    "link set dev n6-alpha mtu 1400 up",
    "route replace 2001:db8::d246:0:0/96 dev n6-alpha table 6663",
  ]);
  expect(translatorRule(alpha).join(" ")).toBe("iif wg-alpha to 2001:db8::d246:0:0/96 lookup 6663");
  const own = { ...alpha, provider: "beta", prefix: "2001:db8:b:64::/96", pool: "198.18.0.0/24" };
  expect(translatorRule(own).join(" ")).toBe("iif wg-beta to 2001:db8:b:64::/96 lookup 6400");
  expect(renderPrefixRewriting([alpha, own])).not.toContain("beta");
  expect(renderPrefixRewriting([alpha]).match(/iifname "(wg|n6)-alpha"/g)).toHaveLength(3);
  expect(renderPrefixRewriting([own])).toBe("table ip6 nat64 {}\ndelete table ip6 nat64\n");
});

test("pools are apart, and do not depend on who else is there short of a collision", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,12}$/), { maxLength: 60 });
  fc.assert(
    fc.property(names, (providers) => {
      const pools = [...translatorPools("lab", providers).values()];
      expect(new Set(pools).size).toBe(providers.length);
      for (const pool of pools) expect(pool).toMatch(/^198\.1[89]\.\d+\.0\/24$/);
    }),
  );
  expect(translatorPools("lab", ["alpha"]).get("alpha")).toBe(
    translatorPools("lab", ["alpha", "beta"]).get("alpha"),
  );
});

test("an IPv4 address belongs to the provider whose NAT64 gave it", () => {
  expect(providerOf(config, "198.19.7.200")).toBe("alpha");
  expect(providerOf(config, "198.19.70.200")).toBeUndefined();
  expect(providerOf(config, "192.0.2.1")).toBeUndefined();
});

test("a provisioning domain tells what RFC 8801 asks for", () => {
  expect(pvdInformation(pvd)).toEqual({
    identifier: "PvD.alpha.example.",
    prefixes: ["2001:db8:a::/48"],
    noInternet: true,
    dnsZones: ["corp.example"],
  });
  expect(
    pvdInformation({ name: "a.example", noInternet: false, zones: [], prefixes: ["2001:db8:a::/48"] }),
  ).toEqual({ identifier: "a.example.", prefixes: ["2001:db8:a::/48"] });
});
