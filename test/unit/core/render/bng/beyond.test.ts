import { expect, test } from "vitest";
import { cacheAddress } from "../../../../../src/core/model/internet/cache.ts";
import { formatIp6, parseIp6, parsePrefix6, type Prefix6 } from "../../../../../src/core/model/ip6.ts";
import { beyondTunnel } from "../../../../../src/core/render/bng/beyond.ts";
import type { BngConfig } from "../../../../../src/core/render/bng/config.ts";

const prefix = (text: string): Prefix6 => parsePrefix6(text) ?? { bits: 0n, length: 0 };

const CONFIG = {
  prefix: prefix("2001:db8:a::/48"),
  transfer: prefix("2001:db8:a::/64"),
  pool: prefix("2001:db8:a:8000::/49"),
  advertised: { pref64: undefined },
  wireguard: { address: parseIp6("2001:db8:0:1::2") },
} as unknown as BngConfig;

test("the cache is where nothing is delegated from", () => {
  expect(formatIp6(cacheAddress(CONFIG) ?? 0n)).toBe("2001:db8:a:7fff::80");
  expect(cacheAddress({ ...CONFIG, pool: prefix("2001:db8:a:4000::/50") })).toBeUndefined();
  expect(cacheAddress({ ...CONFIG, pool: undefined, prefix: prefix("2001:db8:a::/64") })).toBeUndefined();
});

test("a BNG routes the cache into the tunnel of the bundled internet, not of another one, nor while it is renumbered", () => {
  expect(beyondTunnel(CONFIG)).toEqual(["2001:db8:a:7fff::80/128"]);
  const elsewhere = { ...CONFIG.wireguard, address: parseIp6("2001:db8:ffff::2") ?? 0n };
  expect(beyondTunnel({ ...CONFIG, wireguard: elsewhere })).toEqual([]);
  expect(beyondTunnel({ ...CONFIG, networks: [] })).toEqual([]);
  const advertised = { ...CONFIG.advertised, pref64: prefix("2001:db8:a:64::/96") };
  expect(beyondTunnel({ ...CONFIG, wireguard: elsewhere, advertised })).toEqual(["2001:db8:a:64::/96"]);
});
