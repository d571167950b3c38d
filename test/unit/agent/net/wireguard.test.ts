import { expect, test } from "vitest";
import { syncWireguard } from "../../../../src/agent/net/wireguard.ts";

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
