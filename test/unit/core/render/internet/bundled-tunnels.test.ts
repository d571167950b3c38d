import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bundledTunnels,
  INTERNET_ADDRESS,
  INTERNET_PREFIX,
} from "../../../../../src/core/model/internet/config.ts";
import {
  containsPrefix,
  parseInterfaceAddress6,
  parseIp6,
  prefixOf,
} from "../../../../../src/core/model/ip6.ts";

const lab = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,29}$/);
const providers = fc.uniqueArray(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,11}$/), { maxLength: 40 });

const CROWD = Array.from({ length: 1000 }, (_, index) => `p${index}`);

function networkOf(text: string): { bits: bigint; length: number } {
  const parsed = parseInterfaceAddress6(text);
  if (parsed === undefined) throw new Error(text);
  return prefixOf(parsed.address, parsed.length);
}

describe("tunnels of the bundled internet", () => {
  test("come in the order asked for, with ports, networks and addresses of their own", () => {
    fc.assert(
      fc.property(lab, providers, (name, names) => {
        const tunnels = bundledTunnels(name, names);
        expect(tunnels.map(({ provider }) => provider)).toEqual(names);
        expect(new Set(tunnels.map(({ listenPort }) => listenPort)).size).toBe(names.length);
        expect(new Set(tunnels.map(({ bngAddress }) => networkOf(bngAddress).bits)).size).toBe(names.length);
        for (const { listenPort, bngAddress, internetAddress } of tunnels) {
          expect(listenPort).toBeGreaterThanOrEqual(20_000);
          expect(listenPort).toBeLessThan(32_000);
          expect(bngAddress).not.toBe(internetAddress);
          expect(networkOf(bngAddress)).toEqual(networkOf(internetAddress));
          expect(containsPrefix(INTERNET_PREFIX, networkOf(bngAddress))).toBe(true);
          expect(networkOf(bngAddress).bits).not.toBe(prefixOf(parseIp6(INTERNET_ADDRESS) ?? 0n, 64).bits);
        }
      }),
    );
  });

  test("keep apart where hashes collide", () => {
    const tunnels = bundledTunnels("crowded", CROWD);
    expect(new Set(tunnels.map(({ listenPort }) => listenPort)).size).toBe(CROWD.length);
    expect(new Set(tunnels.map(({ bngAddress }) => bngAddress)).size).toBe(CROWD.length);
  });

  // 1000 names in 12000 ports meet about 40 times, so an order by anything but the list would show.
  test("stay where they are when providers come at the end, also where hashes collide", () => {
    const shuffled = fc.shuffledSubarray(CROWD, { minLength: CROWD.length });
    fc.assert(
      fc.property(lab, shuffled, fc.nat({ max: CROWD.length }), (name, names, count) => {
        expect(bundledTunnels(name, names.slice(0, count))).toEqual(
          bundledTunnels(name, names).slice(0, count),
        );
      }),
    );
  });

  test("do not depend on their place in the file, short of a collision", () => {
    const before = bundledTunnels("two-isps", ["alpha", "beta"]);
    expect(bundledTunnels("two-isps", ["gamma", "alpha", "beta"]).slice(1)).toEqual(before);
    expect(before).toMatchInlineSnapshot(`
      [
        {
          "bngAddress": "2001:db8:0:7d8c::2/64",
          "internetAddress": "2001:db8:0:7d8c::1/64",
          "listenPort": 23630,
          "provider": "alpha",
          "resolverAddress": "2001:db8:0:7d8c::53",
          "translatorAddress": "2001:db8:0:7d8c::64",
        },
        {
          "bngAddress": "2001:db8:0:fdb6::2/64",
          "internetAddress": "2001:db8:0:fdb6::1/64",
          "listenPort": 29492,
          "provider": "beta",
          "resolverAddress": "2001:db8:0:fdb6::53",
          "translatorAddress": "2001:db8:0:fdb6::64",
        },
      ]
    `);
  });
});
