import { describe, expect, test } from "vitest";

import { parseDump } from "../../../../src/agent/internet/dump.ts";
import { forEachParallel } from "../../../../src/agent/internet/parallel.ts";
import type { InternetConfig, InternetPeer } from "../../../../src/core/internet/config.ts";
import { renderDnsmasq, renderHosts } from "../../../../src/core/internet/dns.ts";
import { parseInternetConfig } from "../../../../src/core/internet/parse.ts";
import { providerOf } from "../../../../src/core/internet/sources.ts";
import { tunnelChanges } from "../../../../src/core/internet/tunnels.ts";

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
  expect(tunnelChanges(present, structuredClone(present))).toEqual({ remove: [], make: [] });
  expect(
    tunnelChanges(present, [
      { ...beta, privateKey: "other" },
      { peer: peer("gamma", "c"), privateKey: "k" },
    ]),
  ).toEqual({ remove: ["alpha"], make: ["beta", "gamma"] });
  expect(tunnelChanges([], [alpha])).toEqual({ remove: [], make: ["alpha"] });
});

test("every provider has a name, and the first name is the reverse one", () => {
  expect(renderHosts(config)).toBe(
    ["internet", "whoami", "alpha", "beta"].map((name) => `2001:db8::1 ${name}.example\n`).join(""),
  );
  expect(renderDnsmasq("/run/hosts")).toContain("listen-address=2001:db8::1\n");
});

test("the state of peers is read from wg, keys of interfaces are not", () => {
  const dump = [
    "wg-alpha\tPRIVATE\tPUBLIC\t21000\toff",
    "wg-alpha\tPEER\t(none)\t127.0.0.1:58588\t2001:db8:0:a::2/128,2001:db8:a::/48\t1795524713\t24408\t24536\t25",
    "wg-beta\tPRIVATE\tPUBLIC\t21001\toff",
    "wg-gamma\tPRIVATE\tPUBLIC\t21002\toff",
    "wg-beta\tOTHER\t(none)\t(none)\t2001:db8:b::/48\t0\t0\t0\t25",
    "",
  ].join("\n");
  const found = parseDump(dump);
  expect(found.get("wg-alpha")).toEqual({
    publicKey: "PEER",
    endpoint: "127.0.0.1:58588",
    handshakeAt: 1795524713,
    rxBytes: 24408,
    txBytes: 24536,
  });
  expect(found.get("wg-beta")).toMatchObject({ endpoint: undefined, handshakeAt: undefined });
  expect(found.has("wg-gamma")).toBe(false);
  expect(JSON.stringify([...found])).not.toContain("PRIVATE");
});

describe("work in parallel", () => {
  test("is never wider than asked", async () => {
    let running = 0;
    let widest = 0;
    await forEachParallel([1, 2, 3, 4, 5, 6], 3, async () => {
      running += 1;
      widest = Math.max(widest, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    expect(widest).toBe(3);
  });

  test("does all of it before it fails", async () => {
    const done: number[] = [];
    const work = forEachParallel([1, 2, 3], 2, async (item) => {
      if (item === 1) throw new Error("first");
      done.push(item);
    });
    await expect(work).rejects.toThrow("first");
    expect(done).toEqual([2, 3]);
  });
});
