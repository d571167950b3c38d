import { expect, test } from "vitest";
import { eventually, type TestNetns } from "../support/sandbox.ts";
import type { HandBng } from "../support/bng.ts";
import {
  far,
  FIRST,
  prefixesOf,
  routesBecome,
  stop,
  useBng,
  withClient,
  withTwoClients,
  type Client,
} from "../bng/fixture.ts";
import { attack, linkLocalOf, neighboursOf } from "./fixture.ts";

useBng();

async function reaches(cpe: TestNetns, source: string, target = "2001:db8::1"): Promise<void> {
  const { stdout } = await cpe.run(["ping", "-6", "-c", "3", "-i", "0.2", "-W", "1", "-I", source, target], {
    check: false,
  });
  expect(stdout).toContain(" 0% packet loss");
}

async function served({ cpe, send }: Client, bng: HandBng): Promise<string> {
  const [prefix = ""] = prefixesOf(await send({ message: "solicit", rapid: true, pd: [1] }));
  const address = prefix.replace("::/56", "::1");
  await cpe.run(["ip", "addr", "add", `${address}/128`, "dev", "lo"]);
  await eventually(() => reaches(cpe, address));
  expect(prefix).toBe(FIRST);
  await routesBecome(bng, [prefix]);
  return address;
}

test.each([
  ["solicitations of one MAC with ever new sources", "ns", { forge: "source" }],
  ["solicitations of ever new MACs", "ns", { forge: "mac" }],
  ["router solicitations of ever new MACs", "rs", { forge: "mac" }],
  ["advertisements of ever new MACs", "na", { forge: "mac" }],
])("a flood of %s fills no table, and an honest customer is served", async (_, what, options) => {
  const { bng, one, other } = await withTwoClients();
  const address = await served(one, bng);
  await attack(other.cpe, what, { ...options, target: await linkLocalOf(bng), count: 3000, rate: 1500 });
  expect((await neighboursOf(bng)).length).toBeLessThan(600);
  await reaches(one.cpe, address);
  const { flooded, leaks } = await bng.status();
  expect(flooded.packets + leaks.up).toBeGreaterThan(1500);
  await stop(bng);
});

test("a flood of Solicits is cut off at the port, and an honest customer renews", async () => {
  const { bng, one, other } = await withTwoClients();
  await served(one, bng);
  await attack(other.cpe, "solicit", { pd: 1, rapid: 0, count: 2000, rate: 1000 });
  expect((await bng.status()).flooded.packets).toBeGreaterThan(1500);
  expect(prefixesOf(await one.send({ message: "renew", pd: [1] }))).toEqual([FIRST]);
  await stop(bng);
});

test("a leased address, one in use and the BNG's own are refused as sources of others, and counted", async () => {
  const { bng, one, other } = await withTwoClients();
  const { na } = await one.send({ message: "solicit", rapid: true, na: [1], pd: [1] });
  const wan = na[0]?.leases[0]?.value ?? "";
  await one.cpe.run(["ip", "addr", "add", `${wan}/128`, "dev", "wan0", "nodad"]);
  await eventually(() => reaches(one.cpe, wan));
  const slaac = await slaacAddress(one.cpe);
  // Tentative for a moment.
  await eventually(() => reaches(one.cpe, slaac));

  const { linkLocal, subscriber } = await bng.status();
  const own = [linkLocal, "2001:db8:a::1", "2001:db8:0:a::2"];
  // In the range of leased addresses, and leased to nobody.
  for (const source of [wan, slaac, ...own, "2001:db8:a::1:99"]) {
    const before = (await bng.status()).leaks.up;
    await attack(other.cpe, "udp", {
      source,
      destination: "2001:db8::1",
      router: subscriber.mac ?? "",
      count: 5,
    });
    expect([source, (await bng.status()).leaks.up - before]).toEqual([source, 5]);
  }
  await reaches(one.cpe, wan);
  await reaches(one.cpe, slaac);
  // Its own SLAAC addresses work, but not any number of them.
  const others = await slaacAddress(other.cpe);
  await eventually(() => reaches(other.cpe, others));
  // Beyond that they are floods: an on-link address that nobody has is no leak.
  const before = (await bng.status()).flooded.packets;
  for (let number = 1; number <= 20; number++)
    await attack(other.cpe, "udp", {
      source: `2001:db8:a::77:${number}`,
      destination: "2001:db8::1",
      router: subscriber.mac ?? "",
    });
  expect((await bng.status()).flooded.packets - before).toBeGreaterThanOrEqual(4);
  await stop(bng);
});

test("packets to silent addresses of the WAN prefix, from port and tunnel, make no neighbour", async () => {
  const { bng, one, other } = await withTwoClients();
  const slaac = await slaacAddress(one.cpe);
  await eventually(() => reaches(one.cpe, slaac));
  const others = await slaacAddress(other.cpe);
  await eventually(() => reaches(other.cpe, others));
  const { subscriber } = await bng.status();
  await attack(other.cpe, "udp", {
    source: others,
    spread: "2001:db8:a:0:dead::",
    router: subscriber.mac ?? "",
    count: 200,
    rate: 200,
  });
  const script = `
import socket
sender = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
for number in range(200): sender.sendto(b"mhlab", ("2001:db8:a:0:beef::%x" % number, 40000))`;
  await far.netns.run(["python3", "-c", script]);
  await eventually(async () => expect((await bng.status()).dropped.unassigned).toBe(400));
  expect((await neighboursOf(bng)).filter((address) => /:(dead|beef):/.test(address))).toEqual([]);
  const [flooder] = (await bng.status()).flooded.senders;
  expect(flooder?.packets).toBe(200);
  await reaches(far.netns, "2001:db8::1", slaac);
  await stop(bng);
});

async function slaacAddress(cpe: TestNetns): Promise<string> {
  return await eventually(async () => {
    const { stdout } = await cpe.run([
      "ip",
      "-6",
      "-j",
      "addr",
      "show",
      "dev",
      "wan0",
      "scope",
      "global",
      "dynamic",
    ]);
    const [link] = JSON.parse(stdout) as { addr_info: { local?: string }[] }[];
    const address = link?.addr_info.find(({ local }) => local !== undefined)?.local;
    if (address === undefined) throw new Error(`no SLAAC address: ${stdout}`);
    return address;
  });
}

test("a thousand customers who solicit at once get a router advertisement each", async () => {
  const { bng, other } = await withTwoClients();
  // Who got none asks again after four seconds (RFC 4861 6.3.7).
  const { macs } = await attack(other.cpe, "rs", {
    forge: "mac",
    count: 1000,
    rate: 250,
    rounds: 3,
    wait: 4,
  });
  expect(macs).toBe(1000);
  await stop(bng);
});

test("a provider with unique local addresses reaches its internet", async () => {
  const { bng, cpe, send } = await withClient({ prefix: "fd00:a::/48" });
  const [prefix = ""] = prefixesOf(await send({ message: "solicit", rapid: true, pd: [1] }));
  expect(prefix).toBe("fd00:a:0:8000::/56");
  await far.netns.run(["ip", "-6", "route", "add", "fd00:a::/48", "via", "2001:db8:0:a::2"]);
  await routesBecome(bng, [prefix]);
  await cpe.run(["ip", "addr", "add", "fd00:a:0:8000::1/128", "dev", "lo"]);
  await eventually(() => reaches(cpe, "fd00:a:0:8000::1"));
  await stop(bng);
});
