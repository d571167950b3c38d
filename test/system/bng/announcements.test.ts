import { beforeAll, expect, test } from "vitest";
import { solicit, type Advertisement } from "../support/advertisement.ts";
import type { HandBng } from "../support/bng.ts";
import type { Reply } from "../support/dhcp6.ts";
import { put, useBng, withClient, type Client } from "./fixture.ts";

useBng();

let bng: HandBng;
let client: Client;

beforeAll(async () => {
  ({ bng, ...client } = await withClient({ dns: "[2001:db8:a::53]", "dns-search": "[alpha.example]" }));
});

/** What is announced once a running BNG has taken these settings, and no others; nothing is started anew. */
async function announcedWith(settings: Record<string, string>): Promise<Advertisement> {
  await take(settings);
  return await solicit(client.cpe, "wan0");
}

const TRANSFER = { prefix: "2001:db8:a::/64", flags: "LA", preferred: 1800, valid: 14_400 };

test.each<[Record<string, string>, Partial<Advertisement>]>([
  [{}, { flags: "MO", preference: "medium", prefixes: [TRANSFER], routes: [], pref64: [], portals: [] }],
  [{ "router-advertisement.managed": "false" }, { flags: "O" }],
  [{ "router-advertisement.other": "false" }, { flags: "M" }],
  [{ "router-advertisement.preference": "low" }, { preference: "low" }],
  [{ "router-advertisement.on-link": "false" }, { prefixes: [{ ...TRANSFER, flags: "A" }] }],
  [{ "router-advertisement.autonomous": "false" }, { prefixes: [{ ...TRANSFER, flags: "L" }] }],
  [{ "router-advertisement.pd-preferred": "true" }, { prefixes: [{ ...TRANSFER, flags: "LAP" }] }],
  [
    {
      "router-advertisement.prefixes":
        "[{prefix: 2001:db8:a:1::/64, on-link: false, autonomous: false}, {prefix: 2001:db8:a:2::/64, pd-preferred: true, preferred: 0s, valid: 10m}]",
    },
    {
      prefixes: [
        TRANSFER,
        { ...TRANSFER, prefix: "2001:db8:a:1::/64", flags: "" },
        { prefix: "2001:db8:a:2::/64", flags: "LAP", preferred: 0, valid: 600 },
      ],
    },
  ],
  [
    { "router-advertisement.pref64": "64:ff9b::/96", "router-advertisement.interval": "90s" },
    { pref64: [{ prefix: "64:ff9b::/96", lifetime: 272 }] },
  ],
  [
    { "router-advertisement.pref64": "2001:db8:a:64::/64", "router-advertisement.pref64-lifetime": "0s" },
    { pref64: [{ prefix: "2001:db8:a:64::/64", lifetime: 0 }] },
  ],
  [
    { "router-advertisement.routes": "[{prefix: 2001:db8:f::/48, preference: high, lifetime: 30m}]" },
    { routes: [{ prefix: "2001:db8:f::/48", preference: "high", lifetime: 1800 }] },
  ],
  // A route that is not announced any more is taken back.
  [{}, { routes: [{ prefix: "2001:db8:f::/48", preference: "high", lifetime: 0 }] }],
  [
    { dns: "[2001:db8:a::53, 2001:db8:a::54]", "dns-search": "[alpha.example, beta.example]" },
    {
      rdnss: [{ servers: ["2001:db8:a::53", "2001:db8:a::54"], lifetime: 180 }],
      dnssl: [{ domains: ["alpha.example", "beta.example"], lifetime: 180 }],
    },
  ],
  [
    { dns: "[2001:db8:a::53]", "dns-search": "[alpha.example]", "router-advertisement.dns-lifetime": "0s" },
    {
      rdnss: [{ servers: ["2001:db8:a::53"], lifetime: 0 }],
      dnssl: [{ domains: ["alpha.example"], lifetime: 0 }],
    },
  ],
  [
    { "pvd.name": "pvd.alpha.example", "pvd.http": "true", "pvd.delay": "5", "pvd.sequence": "258" },
    { pvds: [{ name: "pvd.alpha.example", flags: "H", delay: 5, sequence: 258 }] },
  ],
  [
    { "pvd.name": "pvd.alpha.example" },
    { pvds: [{ name: "pvd.alpha.example", flags: "", delay: 0, sequence: 12_217 }] },
  ],
  [{ "captive-portal": "https://portal.example/?a,b" }, { portals: ["https://portal.example/?a,b"] }],
])("a running BNG announces %o", async (settings, expected) => {
  expect(await announcedWith(settings)).toMatchObject(expected);
  const { restarts, problems } = await bng.status();
  expect(restarts).toEqual({ kea: 0, bird: 0, wireguard: 0 });
  expect(problems).toEqual([]);
});

test("a solicitation is answered to who asked, or to everybody", async () => {
  expect((await announcedWith({ "router-advertisement.solicited": "multicast" })).destination).toBe(
    "ff02::1",
  );
  expect((await announcedWith({})).destination).toMatch(/^fe80::/);
});

const [SOL_MAX_RT, INF_MAX_RT, CAPTIVE_PORTAL, PD_EXCLUDE] = [82, 83, 103, 67];

test("DHCPv6 tells what was asked for: timers, the portal, and the part of a delegation that is not the customer's", async () => {
  await take({
    "delegation.sol-max-rt": "1h",
    "delegation.inf-max-rt": "2h",
    "captive-portal": "https://portal.example/?a,b",
    "delegation.exclude": "2001:db8:a:80ff::/64",
  });
  const ask = [SOL_MAX_RT, INF_MAX_RT, CAPTIVE_PORTAL, PD_EXCLUDE];
  const reply = await client.send({ message: "solicit", rapid: true, pd: [1, 2], ask });
  const portal = Buffer.from("https://portal.example/?a,b").toString("hex");
  expect(reply.options).toMatchObject({ 82: "00000e10", 83: "00001c20", 103: portal });
  expect(delegated(reply)).toEqual([
    ["2001:db8:a:8000::/56", "40ff"],
    ["2001:db8:a:8100::/56", "40ff"],
  ]);
  const { options } = await client.send({ message: "information", ask: [INF_MAX_RT, CAPTIVE_PORTAL] });
  expect(options).toEqual({ 83: "00001c20", 103: portal });
  await client.send({ message: "release", pd: [1, 2] });
});

test("a customer with a reservation gets that, by its DUID, and nobody else does", async () => {
  await take({
    "delegation.reservations":
      "[{duid: 00030001020000000042, prefix: 2001:db8:a:9000::/56, address: 2001:db8:a::4:3}, {duid: 00030001020000000099, prefix: 2001:db8:a:8000::/56}]",
  });
  const reply = await client.send({ message: "solicit", rapid: true, na: [1], pd: [3, 4] });
  expect(delegated(reply)).toEqual([
    ["2001:db8:a:9000::/56", undefined],
    // Its second one is from the pool; the first of that is another's.
    ["2001:db8:a:8100::/56", undefined],
  ]);
  expect(reply.na[0]?.leases).toMatchObject([{ value: "2001:db8:a::4:3" }]);
  const { delegations, addresses } = await bng.until("routed", ({ delegations: found }) =>
    found.some(({ prefix, routed }) => prefix === "2001:db8:a:9000::/56" && routed),
  );
  expect(delegations).toHaveLength(2);
  expect(addresses.map(({ address }) => address)).toEqual(["2001:db8:a::4:3"]);
});

function delegated({ pd }: Reply): [string, string | undefined][] {
  return pd.flatMap(({ leases }) =>
    leases.map(({ value, excluded }): [string, string | undefined] => [value, excluded]),
  );
}

async function take(settings: Record<string, string>): Promise<void> {
  put(bng, settings);
  expect(JSON.parse(await bng.exec(["bng", "resync"]))).toEqual({ ok: true });
}
