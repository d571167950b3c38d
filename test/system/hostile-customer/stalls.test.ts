import { expect, test } from "vitest";
import { eventually } from "../support/sandbox.ts";
import { FIRST, prefixesOf, stop, useBng, withTwoClients, type Client } from "../bng/fixture.ts";
import { attack } from "./fixture.ts";

useBng();

/** Renews twice a second while something else happens; the milliseconds that each answer took. */
async function renewDuring({ send }: Client, other: Promise<unknown>): Promise<number[]> {
  const during = { isOver: false };
  const ended = other.finally(() => (during.isOver = true));
  const took: number[] = [];
  while (!during.isOver) {
    const begun = performance.now();
    const reply = await send({ message: "renew", pd: [1], retransmitMs: 5000 });
    took.push(performance.now() - begun);
    expect(prefixesOf(reply)).toEqual([FIRST]);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await ended;
  return took;
}

test("eight silent MACs stall no DHCPv6 server, whatever they wrap their messages in", async () => {
  const { bng, one, other } = await withTwoClients();
  expect(prefixesOf(await one.send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([FIRST]);
  const eight = { forge: "mac", macs: 8 };
  const attacks: [string, Record<string, string | number>][] = [
    ["information-request", { ...eight, rate: 296, count: 2400 }],
    ["information-request", { ...eight, rate: 300, count: 1500, wrap: "relay" }],
    ["information-request", { ...eight, rate: 300, count: 1500, wrap: "destination" }],
    ["information-request", { ...eight, rate: 300, count: 1500, wrap: "fragment" }],
  ];
  for (const [what, options] of attacks) {
    const took = await renewDuring(one, attack(other.cpe, what, options));
    expect(took.length).toBeGreaterThan(3);
    expect([options, Math.max(...took) < 1000]).toEqual([options, true]);
  }
  const { dropped, flooded } = await bng.status();
  expect(dropped.wrapped).toBe(4500);
  expect(flooded.senders).toHaveLength(8);
  const newcomer = await other.send({ message: "solicit", rapid: true, pd: [1] });
  expect(prefixesOf(newcomer)).toHaveLength(1);
  await stop(bng);
});

test("a reply that the link does not take is dropped and counted, and Kea serves on", async () => {
  const { bng, one, other } = await withTwoClients();
  const queue = "dev sub0 root tbf rate 8kbit burst 1540 limit 1540".split(" ");
  await bng.exec(["tc", "qdisc", "replace", ...queue]);
  await attack(other.cpe, "information-request", { rate: 100, count: 80 });
  await bng.exec(["tc", "qdisc", "del", "dev", "sub0", "root"]);
  expect(prefixesOf(await one.send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([FIRST]);
  await eventually(async () => expect((await bng.status()).dropped.unsent).toBeGreaterThan(20));
  await stop(bng);
});
