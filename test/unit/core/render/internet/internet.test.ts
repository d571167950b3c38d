import { describe, expect, test } from "vitest";

import type { InternetConfig, InternetPeer } from "../../../../../src/core/model/internet/config.ts";
import { renderDnsmasq, renderHosts } from "../../../../../src/core/render/internet/dns.ts";
import { parseInternetConfig } from "../../../../../src/core/render/internet/parse.ts";
import { providerOf } from "../../../../../src/core/render/internet/sources.ts";
import { tunnelChanges } from "../../../../../src/core/render/internet/tunnels.ts";

const peer = (provider: string, letter: string): InternetPeer => ({
  provider,
  listenPort: 21000,
  publicKey: "cHVibGlj",
  localAddress: `2001:db8:0:${letter}::1/64`,
  remoteAddress: `2001:db8:0:${letter}::2`,
  prefix: `2001:db8:${letter}::/48`,
  mtu: 1420,
});
const config: InternetConfig = { lab: "two", peers: [peer("alpha", "a"), peer("beta", "b")] };

describe("the internet's configuration", () => {
  test("is read as it was written", () => {
    expect(parseInternetConfig(JSON.stringify(config))).toEqual(config);
  });

  test.each([
    ["[]", "the internet's configuration is not an object"],
    ['{"lab": "x"}', "peers is not a list"],
    [
      JSON.stringify({ lab: "x", peers: [{ ...peer("a", "a"), mtu: "1420" }] }),
      "peers[0].mtu is not an integer",
    ],
    [
      JSON.stringify({ lab: "x", peers: [peer("a", "a"), { ...peer("b", "b"), prefix: "2001:db8::1/48" }] }),
      "peers[1].prefix is wrong: 2001:db8::1/48",
    ],
  ])("%s is refused", (text, message) => {
    expect(() => parseInternetConfig(text)).toThrow(message);
  });
});

test("a source belongs to the provider whose prefix or tunnel network holds it", () => {
  expect(providerOf(config, "2001:db8:a:8001::5")).toBe("alpha");
  expect(providerOf(config, "2001:db8:0:b::2")).toBe("beta");
  expect(providerOf(config, "2001:db8:c::1")).toBeUndefined();
  expect(providerOf(config, "not an address")).toBeUndefined();
});

test("only tunnels that changed are made anew", () => {
  const alpha = { peer: peer("alpha", "a"), privateKey: "k" };
  const beta = { peer: peer("beta", "b"), privateKey: "k" };
  const present = [alpha, beta];
  expect(tunnelChanges(present, structuredClone(present))).toEqual({ remove: [], make: [], renumber: [] });
  expect(
    tunnelChanges(present, [
      { ...beta, privateKey: "other" },
      { peer: peer("gamma", "c"), privateKey: "k" },
    ]),
  ).toEqual({ remove: ["alpha"], make: ["beta", "gamma"], renumber: [] });
  expect(tunnelChanges([], [alpha])).toEqual({ remove: [], make: ["alpha"], renumber: [] });
});

test("every provider has a name, and the first name is the reverse one", () => {
  expect(renderHosts(config)).toBe(
    `${["internet", "whoami", "alpha", "beta", "www"].map((name) => `2001:db8::1 ${name}.example\n`).join("")}192.0.2.1 ipv4only.example\n`,
  );
  const caches = config.peers.map((one) => ({ ...one, cache: one.prefix.replace("::/48", ":7fff::80") }));
  expect(renderHosts({ ...config, peers: caches })).toContain(
    "2001:db8:a:7fff::80 www.example\n2001:db8:b:7fff::80 www.example\n192.0.2.1 ipv4only.example\n",
  );
  expect(parseInternetConfig(JSON.stringify({ ...config, peers: caches })).peers).toEqual(caches);
  expect(renderDnsmasq("/run/hosts")).toContain("listen-address=2001:db8::1\n");
});
