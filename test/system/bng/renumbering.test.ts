import { beforeAll, expect, test } from "vitest";
import type { ProviderPrefix } from "../../../src/core/model/status/model.ts";
import { dhcp6Client, type Reply } from "../support/dhcp6.ts";
import { eventually } from "../support/sandbox.ts";
import type { HandBng } from "../support/bng.ts";
import type { TestNetns } from "../support/netns.ts";
import { far, pdRoutes, prefixesOf, useBng, withTwoClients, type Client } from "./fixture.ts";

useBng();

/** The first two delegations of a prefix 2001:db8:…::/48. */
const first = (letter: string): string => `2001:db8:${letter}:8000::/56`;
const second = (letter: string): string => `2001:db8:${letter}:8100::/56`;
const source = (prefix: string): string => prefix.replace("::/56", "::1");
const newPrefix = (letter: string): string => `2001:db8:${letter}::/48`;

let bng: HandBng;
let one: Client;
let other: Client;

beforeAll(async () => {
  ({ bng, one, other } = await withTwoClients());
  const device = "$(ip -br link | sed -n 's/^\\(far[^ ]*\\) .*/\\1/p')";
  const routes = ["c", "d", "e"].map((letter) => `ip -6 route add ${newPrefix(letter)} dev ${device}`);
  await far.netns.run(["sh", "-ec", routes.join("\n")]);
});

test("graceful: both prefixes are told and live, nothing is leased anew of the former; nobody loses a packet, and then it goes", async () => {
  for (const { send } of [one, other]) await send({ message: "solicit", rapid: true, na: [1], pd: [1] });
  await eventually(async () => expect(await pdRoutes(bng)).toEqual([first("a"), second("a")]));
  await hold(one.cpe, ...["a", "c", "d", "e"].map((letter) => source(first(letter))));
  await hold(other.cpe, source(second("a")));
  await passes(other.cpe, source(second("a")));
  const before = await bng.status();

  const pinging = pings(other.cpe, source(second("a")), 800);
  const answer = await renumber("graceful", newPrefix("c"), "overlap=25");
  expect(answer).toMatchObject([
    { prefix: newPrefix("c"), state: "current", endsAt: null },
    { prefix: newPrefix("a"), state: "deprecated", endsAt: expect.any(String) as string },
  ]);
  const ra = await advertisement(one.cpe);
  expect(ra.get("2001:db8:c::/64")).toMatchObject({ preferred: 1800, valid: 14_400 });
  expect(ra.get("2001:db8:a::/64")?.preferred).toBe(0);
  expect(ra.get("2001:db8:a::/64")?.valid).toBeLessThanOrEqual(30);

  const renewed = await one.send({ message: "renew", na: [1], pd: [1] });
  expect(leasesIn(renewed)).toEqual([
    [first("a"), "deprecated"],
    ["2001:db8:a::", "deprecated"],
    [first("c"), "new"],
    ["2001:db8:c::", "new"],
  ]);
  const rebound = await other.send({ message: "rebind", pd: [1] });
  expect(leasesIn(rebound)).toEqual([
    [second("a"), "deprecated"],
    [second("c"), "new"],
  ]);
  // Once more, with both in the message.
  expect(leasesIn(await one.send({ message: "renew", pd: [1] }))).toEqual([
    [first("a"), "deprecated"],
    [first("c"), "new"],
  ]);
  // In a namespace whose first client has said its last word: both listen to the same port.
  const newcomer = await dhcp6Client(other.cpe, "wan0", "00030001020000000044");
  expect(prefixesOf(await newcomer({ message: "solicit", rapid: true, pd: [7] }))).toEqual([
    "2001:db8:c:8200::/56",
  ]);
  await eventually(async () =>
    expect(await pdRoutes(bng)).toEqual([
      first("a"),
      second("a"),
      first("c"),
      second("c"),
      "2001:db8:c:8200::/56",
    ]),
  );
  await passes(one.cpe, source(first("a")));
  await passes(one.cpe, source(first("c")));
  expect(await pinging, "echoes of the other customer that came back of 800").toBe(800);

  await eventually(
    async () => expect((await bng.status()).prefixes).toMatchObject([{ prefix: newPrefix("c") }]),
    { timeoutMs: 40_000 },
  );
  await eventually(async () =>
    expect(await pdRoutes(bng)).toEqual([first("c"), second("c"), "2001:db8:c:8200::/56"]),
  );
  await isRefused(one.cpe, source(first("a")));
  await passes(one.cpe, source(first("c")));
  expect([...(await advertisement(one.cpe)).keys()]).toEqual(["2001:db8:c::/64"]);
  expect(leasesIn(await one.send({ message: "renew", pd: [1] }))).toContainEqual([first("c"), "new"]);
  expect(await addressesOfPort()).toEqual(["2001:db8:c::1"]);
  const after = await bng.status();
  expect(after.restarts).toEqual(before.restarts);
  expect(after.problems).toEqual([]);
}, 180_000);

test("again while one is under way: all former ones are told, and end together", async () => {
  await renumber("graceful", newPrefix("d"), "overlap=600");
  await one.send({ message: "renew", pd: [1] });
  await renumber("graceful", newPrefix("e"), "overlap=20");
  expect(leasesIn(await one.send({ message: "renew", pd: [1] }))).toEqual([
    [first("c"), "deprecated"],
    [first("d"), "deprecated"],
    [first("e"), "new"],
  ]);
  const { prefixes } = await bng.status();
  expect(prefixes.map(({ prefix, state }) => `${prefix} ${state}`)).toEqual([
    `${newPrefix("e")} current`,
    `${newPrefix("d")} deprecated`,
    `${newPrefix("c")} deprecated`,
  ]);
  await eventually(async () => expect((await bng.status()).prefixes).toHaveLength(1), { timeoutMs: 60_000 });
  const { override, delegations } = await bng.status();
  expect(override.prefixes).toEqual([{ prefix: newPrefix("e"), state: "current" }]);
  expect(delegations.every(({ prefix }) => prefix.startsWith("2001:db8:e:"))).toBe(true);
}, 180_000);

test("flash: the former one is dead at once, no advertisement tells of it, and a renewal finds out", async () => {
  await renumber("flash", newPrefix("c"));
  await isRefused(one.cpe, source(first("e")));
  expect([...(await advertisement(one.cpe)).keys()]).toEqual(["2001:db8:c::/64"]);
  expect((await bng.status()).delegations).toEqual([]);
  expect(await pdRoutes(bng)).toEqual([]);
  // Not appropriate for the link: lifetimes of zero (RFC 8415 18.3.4).
  const renewed = await one.send({ message: "renew", pd: [1] });
  expect(leasesIn(renewed)).toContainEqual([first("c"), "new"]);
  expect(leasesIn(renewed)).toContainEqual([first("e"), "gone"]);
  await passes(one.cpe, source(first("c")));
});

test("withdraw: advertisements say so for as long as anybody may hold it, answers too; without another prefix it is no router", async () => {
  await renumber("withdraw", newPrefix("d"));
  await isRefused(one.cpe, source(first("c")));
  const ra = await advertisement(one.cpe);
  expect(ra.get("2001:db8:c::/64")).toEqual({ preferred: 0, valid: 0 });
  expect(ra.get("2001:db8:d::/64")).toMatchObject({ preferred: 1800 });
  expect(leasesIn(await one.send({ message: "rebind", pd: [1] }))).toEqual([
    [first("c"), "gone"],
    [first("d"), "new"],
  ]);
  await passes(one.cpe, source(first("d")));

  expect(await renumber("withdraw")).toMatchObject([
    { prefix: newPrefix("d"), state: "withdrawn", endsAt: null },
    { prefix: newPrefix("c"), state: "withdrawn" },
  ]);
  const { stdout } = await one.cpe.run(["rdisc6", "-1", "-r", "3", "-w", "2000", "wan0"]);
  expect(stdout).toMatch(/Router lifetime\s*:\s*0 /);
  const refused = await one.send({ message: "renew", pd: [1] });
  expect(leasesIn(refused)).toEqual([[first("d"), "gone"]]);
  expect(refused.pd[0]?.status).toBe(6);
  expect(await bng.status()).toMatchObject({ prefix: "", pool: null, capacity: { delegations: 0 } });

  // The lab file's again: nothing is left of all that.
  await renumber("flash", newPrefix("a"));
  expect(prefixesOf(await one.send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([first("a")]);
  await passes(one.cpe, source(first("a")));
  expect((await bng.status()).override).toEqual({ settings: {}, faults: [] });
});

async function renumber(...words: string[]): Promise<ProviderPrefix[]> {
  const { prefixes } = JSON.parse(await bng.exec(["bng", "renumber", ...words])) as {
    prefixes: ProviderPrefix[];
  };
  return prefixes;
}

/** What a reply gives, deprecated and valid for a while, as new, or not any more; addresses by their /64. */
function leasesIn(reply: Reply): [string, string][] {
  const all = [...reply.na, ...reply.pd].flatMap(({ leases }) => leases);
  return all
    .map(({ value, preferred, valid }): [string, string] => [
      value.includes("/") ? value : value.replace(/::.*/, "::"),
      preferred > 0 ? "new" : valid > 0 ? "deprecated" : "gone",
    ])
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

/** The prefixes of an advertisement that was asked for, with their lifetimes. */
async function advertisement(cpe: TestNetns): Promise<Map<string, { preferred: number; valid: number }>> {
  const { stdout } = await cpe.run(["rdisc6", "-1", "-r", "3", "-w", "2000", "wan0"]);
  const found = stdout.matchAll(
    /Prefix\s*:\s*(\S+)[\s\S]*?Valid time\s*:\s*(\d+)[\s\S]*?Pref\. time\s*:\s*(\d+)/g,
  );
  return new Map(
    [...found].map(([, prefix = "", valid, preferred]) => [
      prefix,
      { preferred: Number(preferred), valid: Number(valid) },
    ]),
  );
}

async function addressesOfPort(): Promise<string[]> {
  const links = JSON.parse(
    await bng.exec(["ip", "-6", "-j", "addr", "show", "dev", "sub0", "scope", "global"]),
  ) as { addr_info?: { local?: string }[] }[];
  // It shows an empty entry for each that it leaves out.
  return links.flatMap(({ addr_info = [] }) => addr_info.flatMap(({ local }) => local ?? []));
}

async function hold(cpe: TestNetns, ...addresses: string[]): Promise<void> {
  for (const address of addresses) await cpe.run(["ip", "addr", "replace", `${address}/128`, "dev", "lo"]);
}

/** How many of so many echo requests, one each 20 ms, came back from behind the tunnel. */
async function pings(cpe: TestNetns, from: string, count: number): Promise<number> {
  const { stdout } = await cpe.run(
    ["ping", "-6", "-q", "-i", "0.02", "-W", "2", "-c", String(count), "-I", from, "2001:db8::1"],
    { check: false, timeoutMs: 90_000 },
  );
  return Number(/(\d+) received/.exec(stdout)?.[1] ?? 0);
}

async function passes(cpe: TestNetns, from: string): Promise<void> {
  await eventually(async () => expect(await pings(cpe, from, 1)).toBe(1), { timeoutMs: 15_000 });
}

async function isRefused(cpe: TestNetns, from: string): Promise<void> {
  const ping = ["ping", "-6", "-c", "2", "-W", "1", "-I", from, "2001:db8::1"];
  const { stdout } = await cpe.run(ping, { check: false });
  expect(stdout).toContain("Source address failed ingress/egress policy");
}
