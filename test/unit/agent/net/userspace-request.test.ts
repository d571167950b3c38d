import * as fc from "fast-check";
import { expect, test } from "vitest";
import { configurationRequest } from "../../../../src/agent/net/userspace-request.ts";
import type { WireguardSettings } from "../../../../src/agent/net/wireguard-model.ts";

const KEYS = [1, 2, 3].map((octet) => Buffer.alloc(32, octet));
const PREFIXES = ["2001:db8:a::/48", "2001:db8:b::/48", "2001:db8:0:7d8c::2/128", "2001:db8:c:8000::/49"];
/** By each prefix its peer, as cryptokey routing has it: no prefix has two. */
type Routing = ReadonlyMap<string, string>;

function settingsOf(owners: readonly (number | null)[]): WireguardSettings {
  const peers = KEYS.map((key, number) => ({
    publicKey: key.toString("base64"),
    allowedIps: PREFIXES.filter((_, index) => owners[index] === number),
  }));
  return {
    privateKey: KEYS[0]?.toString("base64") ?? "",
    peers: peers.filter(({ allowedIps }) => allowedIps.length > 0),
  };
}

/** The routing after each line of a request, as wireguard-go follows them (wireguard.com/xplatform). */
function follow(start: Routing, request: readonly string[]): Routing[] {
  const seen = [start];
  let peer = "";
  for (const line of request) {
    const [key = "", value = ""] = line.split("=", 2);
    const next = new Map(seen.at(-1));
    if (key === "public_key") peer = value;
    else if (key === "allowed_ip") next.set(value, peer);
    else if (line === "remove=true" || line === "replace_allowed_ips=true")
      for (const [prefix, owner] of next) if (owner === peer) next.delete(prefix);
    seen.push(next);
  }
  return seen;
}

function toldBy(routing: Routing): string[] {
  const peers = [...new Set(routing.values())];
  return peers.flatMap((peer) => [
    `public_key=${peer}`,
    ...[...routing].filter(([, owner]) => owner === peer).map(([prefix]) => `allowed_ip=${prefix}`),
  ]);
}

const owners = fc.array(fc.constantFrom(0, 1, 2, null), { minLength: 4, maxLength: 4 });

const hexOf = (number: number | null | undefined): string | undefined => KEYS[number ?? -1]?.toString("hex");

test("prefixes are as the settings say in the end, and what stays is there after every line", () => {
  fc.assert(
    fc.property(owners, owners, (before, after) => {
      const start = follow(new Map(), configurationRequest([], settingsOf(before))).at(-1) ?? new Map();
      const steps = follow(start, configurationRequest(toldBy(start), settingsOf(after)));
      expect(PREFIXES.map((prefix) => steps.at(-1)?.get(prefix))).toEqual(after.map(hexOf));
      const stay = PREFIXES.filter((_, index) => before[index] === after[index]);
      for (const prefix of stay)
        expect([...new Set(steps.map((routing) => routing.get(prefix)))]).toEqual([start.get(prefix)]);
    }),
  );
});

test("a prefix that is written otherwise is the same", () => {
  const publicKey = KEYS[1] ?? Buffer.alloc(0);
  const now = [`public_key=${publicKey.toString("hex")}`, "allowed_ip=2001:db8:a::/48"];
  const peers = [{ publicKey: publicKey.toString("base64"), allowedIps: ["2001:0db8:000a::/48"] }];
  const request = configurationRequest(now, { privateKey: publicKey.toString("base64"), peers });
  expect(request.filter((line) => /allowed_ip|remove/.test(line))).toEqual([]);
});

test("a port that it listens on already is not set again, which would lose packets", () => {
  const settings = { privateKey: KEYS[0]?.toString("base64") ?? "", listenPort: 51820, peers: [] };
  const ports = (now: readonly string[]): string[] =>
    configurationRequest(now, settings).filter((line) => line.startsWith("listen_port"));
  expect(ports(["listen_port=51820"])).toEqual([]);
  expect(ports(["listen_port=40000"])).toEqual(["listen_port=51820"]);
  expect(ports([])).toEqual(["listen_port=51820"]);
});
