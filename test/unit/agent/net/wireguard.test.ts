import { expect, test } from "vitest";
import { parseFirstPeers, syncWireguard } from "../../../../src/agent/net/wireguard.ts";

const GOOD = "ECeUgWvfw6nscv3tXEVPx8DvEbesRgPhAVixu2cCgHA=";
const BROKEN = "ECeUgWvfw6nscv3tXEVPx8DvEbesRgPh";
const peer = { publicKey: "zTkqojIeJXDCFn76twuuRk8kb6QYFfdt8TeUb5hz00E=", allowedIps: ["::/0"] };

test.each([
  ["private", { privateKey: BROKEN, peers: [] }],
  ["pre-shared", { privateKey: GOOD, peers: [{ ...peer, presharedKey: BROKEN }] }],
])("a broken %s key is refused without showing it", async (what, settings) => {
  const error = await syncWireguard("mhnone", settings).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(`its ${what} key is no WireGuard key`);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(BROKEN);
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
  const found = parseFirstPeers(dump);
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
