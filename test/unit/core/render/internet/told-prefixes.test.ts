import { expect, test } from "vitest";
import type { InternetConfig, InternetPeer } from "../../../../../src/core/model/internet/config.ts";
import { providerOf } from "../../../../../src/core/render/internet/sources.ts";
import {
  formatToldPrefixes,
  prefixesOf,
  readToldPrefixes,
  withToldPrefixes,
} from "../../../../../src/core/render/internet/told-prefixes.ts";
import { tunnelChanges } from "../../../../../src/core/render/internet/tunnels.ts";
import { parsePrefix6, type Prefix6 } from "../../../../../src/core/model/ip6.ts";

const prefixes = (...texts: string[]): Prefix6[] => texts.flatMap((text) => parsePrefix6(text) ?? []);
const peer = (provider: string, number: string): InternetPeer => ({
  provider,
  listenPort: 20_000,
  publicKey: "key",
  localAddress: `2001:db8:0:${number}::1/64`,
  remoteAddress: `2001:db8:0:${number}::2`,
  prefix: `2001:db8:${number}::/48`,
  mtu: 1420,
});
const CONFIG: InternetConfig = { lab: "two", peers: [peer("alpha", "a"), peer("beta", "b")] };
const told = (config: InternetConfig): (readonly string[])[] => config.peers.map(prefixesOf);

test("what a provider tells is read; what is no such file is nothing", () => {
  const some = prefixes("2001:db8:c::/48", "2001:db8:a::/48");
  expect(readToldPrefixes(formatToldPrefixes(some))).toEqual(some);
  expect(readToldPrefixes(formatToldPrefixes([]))).toEqual([]);
  const many = Array.from({ length: 17 }, (_, index) => `2001:db8:${index.toString(16)}00::/48`);
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    '{"prefixes":["::/0"]}',
    '{"prefixes":[1]}',
    JSON.stringify({ prefixes: many }),
  ])
    expect(readToldPrefixes(text)).toBeUndefined();
});

test("who tells has what he tells, also nothing; the others what the lab file says", () => {
  expect(told(withToldPrefixes(CONFIG, new Map()))).toEqual([["2001:db8:a::/48"], ["2001:db8:b::/48"]]);
  const both = prefixes("2001:db8:c::/48", "2001:db8:a::/48");
  expect(told(withToldPrefixes(CONFIG, new Map([["alpha", both]])))).toEqual([
    ["2001:db8:c::/48", "2001:db8:a::/48"],
    ["2001:db8:b::/48"],
  ]);
  expect(told(withToldPrefixes(CONFIG, new Map([["alpha", []]])))[0]).toEqual([]);
});

test("the provisioning domain of who tells names the same prefixes", () => {
  const pvd = (name: string, prefix: string) => ({
    provider: name,
    pvd: { name: `pvd.${name}.example`, noInternet: false, zones: [], prefixes: [prefix], expiresS: 60 },
  });
  const services = [pvd("alpha", "2001:db8:a::/48"), pvd("beta", "2001:db8:b::/48"), { provider: "gamma" }];
  const now = withToldPrefixes({ ...CONFIG, services }, new Map([["alpha", prefixes("2001:db8:c::/48")]]));
  expect(now.services).toEqual([pvd("alpha", "2001:db8:c::/48"), ...services.slice(1)]);
});

test("nobody gets by telling what is another one's", () => {
  const greedy = prefixes(
    "2001:db8:b::/48",
    "2001:db8:b:1::/64",
    "2001:db8::/48",
    "2001:db8::/32",
    "2001:db8:c::/48",
  );
  expect(told(withToldPrefixes(CONFIG, new Map([["alpha", greedy]])))).toEqual([
    ["2001:db8:c::/48"],
    ["2001:db8:b::/48"],
  ]);
  const swapped = new Map([
    ["alpha", prefixes("2001:db8:b::/48")],
    ["beta", prefixes("2001:db8:a::/48", "2001:db8:b::/48")],
  ]);
  expect(told(withToldPrefixes(CONFIG, swapped))).toEqual([["2001:db8:b::/48"], ["2001:db8:a::/48"]]);
});

test("addresses of told prefixes came through who told them", () => {
  const config = withToldPrefixes(CONFIG, new Map([["alpha", prefixes("2001:db8:c::/48")]]));
  expect(["2001:db8:c::1", "2001:db8:a::1", "2001:db8:b::1"].map((one) => providerOf(config, one))).toEqual([
    "alpha",
    undefined,
    "beta",
  ]);
});

test("a tunnel with other prefixes stays, whether its provider told them or the lab file says so", () => {
  const tunnels = (config: InternetConfig) =>
    config.peers.map((one) => ({ peer: one, privateKey: `key of ${one.provider}` }));
  const before = tunnels(CONFIG);
  const after = tunnels(withToldPrefixes(CONFIG, new Map([["alpha", prefixes("2001:db8:c::/48")]])));
  expect(tunnelChanges(before, after)).toEqual({ remove: [], make: [], renumber: ["alpha"] });
  const edited = {
    ...CONFIG,
    peers: [peer("alpha", "a"), { ...peer("beta", "b"), prefix: "2001:db8:d::/48" }],
  };
  expect(tunnelChanges(before, tunnels(edited))).toEqual({ remove: [], make: [], renumber: ["beta"] });
  const moved = { ...CONFIG, peers: [peer("alpha", "a"), { ...peer("beta", "b"), listenPort: 1 }] };
  expect(tunnelChanges(before, tunnels(moved))).toEqual({ remove: [], make: ["beta"], renumber: [] });
});
