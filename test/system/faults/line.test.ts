/** What faults and settings do to the subscriber line, on real packets; the kinds that need netem are refused where there is none. */
import { isDeepStrictEqual } from "node:util";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { ALPHA, BETA, statusOf, succeed, useLabs, writeLab } from "../lab/fixture.ts";
import { eventually } from "../support/sandbox.ts";
import { faultyLab, type Snapshot } from "./fixture.ts";

useLabs();

const LAB = "lined";
const PREFIX = "2001:db8:a:8000::/56";
const at = faultyLab(LAB);

let source = "";
let wan = "";
let gateway = "";
let customer = "";
let netem = false;
let before: Snapshot;

beforeAll(async () => {
  await succeed(["up", writeLab(LAB, [ALPHA, { ...BETA, more: "line: {loss: 50%, up: 20mbit}" }])]);
  const [home] = (await at.healthy()).cpes;
  source = home?.hosts[0]?.addresses.find(({ address }) => address.startsWith("2001:db8:a:"))?.address ?? "";
  wan = home?.wans.find((one) => one.provider === "alpha")?.interface ?? "";
  gateway = `${(await at.provider("alpha")).linkLocal}%${wan}`;
  const { delegations, subscriber } = await at.provider("alpha");
  customer = `${delegations[0]?.via}%${subscriber.interface}`;
  netem = (await at.inside("alpha", ["tc", "qdisc", "add", "dev", "lo", "root", "netem"])).code === 0;
  if (netem) await at.inside("alpha", ["tc", "qdisc", "del", "dev", "lo", "root"]);
  before = await at.snapshot("alpha");
});

afterEach(async () => {
  await at.heal("alpha");
  const alike = async (): Promise<void> => {
    const after = await at.snapshot("alpha");
    for (const [what, found] of Object.entries(after))
      if (!isDeepStrictEqual(found, before[what]))
        throw new Error(`${what} is not as before: ${JSON.stringify([before[what], found])}`);
  };
  await eventually(alike, { everyMs: 300 });
});

interface Counted {
  readonly sent: number;
  readonly received: number;
  readonly duplicates: number;
}

/** Pings from the CPE to its provider, over the line and nothing else. */
async function pinged(count: number, words = "-i 0.002", target = gateway): Promise<Counted> {
  const { stdout } = await at.inside(
    "home",
    ["ping", "-6", "-n", "-q", "-W", "2", "-c", String(count), ...words.split(" "), target],
    60_000,
  );
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0);
  return {
    sent: number(/(\d+) packets transmitted/),
    received: number(/(\d+) received/),
    duplicates: number(/\+(\d+) duplicates/),
  };
}

/** Sends 12 Mbit/s for a minute, or until it is ended. */
const FLOOD = `
  const [to] = process.argv.slice(1);
  const socket = require("node:dgram").createSocket("udp6");
  socket.on("error", () => {});
  const until = performance.now() + 60_000;
  const timer = setInterval(() => {
    if (performance.now() > until) { clearInterval(timer); socket.close(); return; }
    for (let at = 0; at < 10; at += 1) socket.send(Buffer.alloc(1438), 9, to);
  }, 10);`;

/** What arrives at the CPE while its provider sends more than the line can carry, in equal times. */
async function arrived(times: number, seconds: number): Promise<{ bytes: number; ms: number }[]> {
  const script = `
    const { readFileSync } = require("node:fs");
    const look = () => ({ bytes: Number(readFileSync("/sys/class/net/${wan}/statistics/rx_bytes")), ms: performance.now() });
    const seen = [look()];
    const timer = setInterval(() => {
      if (seen.push(look()) > ${times}) { clearInterval(timer); console.log(JSON.stringify(seen)); }
    }, ${seconds * 1000});`;
  const flood = at.inside("alpha", ["node", "-e", FLOOD, customer], 70_000);
  // What the burst and the filling of the queue add is over.
  const port = customer.split("%")[1] ?? "";
  await eventually(async () => {
    const { stdout } = await at.inside("alpha", ["tc", "-s", "-j", "class", "show", "dev", port]);
    if (!/"qlen":[1-9]/.test(stdout)) throw new Error(`nothing waits: ${stdout}`);
  });
  const { stdout } = await at.inside("home", ["node", "-e", script], 60_000);
  // By itself it could end while a busy machine has still to begin to look.
  await at.inside("alpha", ["pkill", "-f", "createSocket.*udp6"]);
  await flood;
  const seen = JSON.parse(stdout) as { bytes: number; ms: number }[];
  return seen.slice(1).map(({ bytes, ms }, index) => ({
    bytes: bytes - (seen[index]?.bytes ?? 0),
    ms: ms - (seen[index]?.ms ?? 0),
  }));
}

test("a share of the packets is lost, and each that is lost is counted", async () => {
  const { id } = await at.inject("line-loss", "alpha", ["share=10%", "direction=up"]);
  const { sent, received } = await pinged(2000);
  const lost = sent - received;
  // Five standard deviations of a binomial distribution.
  expect(Math.abs(lost - 200)).toBeLessThan(5 * Math.sqrt(2000 * 0.1 * 0.9));
  const [healed] = await at.heal("alpha", id);
  expect(healed?.hits.down).toBe(0);
  expect(healed?.hits.up).toBeGreaterThanOrEqual(lost);
  expect(healed?.hits.up).toBeLessThan(lost + 50);
});

test("only the packets of a prefix are lost", async () => {
  await at.inject("line-loss", "alpha", ["share=100%", `from=${PREFIX}`]);
  expect(await pinged(20)).toMatchObject({ received: 20 });
  const { code } = await at.inside("home-host1", [
    "ping",
    "-6",
    "-c",
    "2",
    "-W",
    "1",
    "-I",
    source,
    "2001:db8::1",
  ]);
  expect(code).not.toBe(0);
});

test.each(["up", "down"] as const)("packets %s arrive twice, and none is lost", async (direction) => {
  const { id } = await at.inject("line-duplicate", "alpha", ["share=50%", `direction=${direction}`]);
  const { received, duplicates } = await pinged(400);
  expect(received).toBe(400);
  expect(Math.abs(duplicates - 200)).toBeLessThan(5 * Math.sqrt(400 * 0.5 * 0.5));
  const [healed] = await at.heal("alpha", id);
  expect(healed?.hits[direction]).toBeGreaterThanOrEqual(duplicates);
});

test("a line is as fast as its rate", async () => {
  await at.inject("line-rate", "alpha", ["rate=2mbit", "direction=down"]);
  const [first = { bytes: 0, ms: 1 }] = await arrived(1, 4);
  expect(Math.abs((first.bytes * 8) / first.ms / 2000 - 1)).toBeLessThan(0.03);
  const [fault] = await at.faults("alpha");
  expect(fault?.hits.down).toBeGreaterThan(0);
});

test("a trace is followed, with its gaps", async () => {
  // Two seconds of 200 chances each, and two of nothing.
  await at.inject("line-trace", "alpha", ["trace=4000:20*20,0*20", "direction=down"]);
  const seen = await arrived(40, 0.2);
  const total = seen.reduce((sum, { bytes }) => sum + bytes, 0);
  const ms = seen.reduce((sum, one) => sum + one.ms, 0);
  expect(total / (ms / 4000) / (400 * 1500)).toBeGreaterThan(0.9);
  expect(total / (ms / 4000) / (400 * 1500)).toBeLessThan(1.1);
  // A gap is nearly whole, whatever the timers do at its ends.
  expect(seen.filter(({ bytes }) => bytes < 3 * 1500).length).toBeGreaterThan(14);
  expect(seen.filter(({ bytes }) => bytes > 20 * 1500).length).toBeGreaterThan(14);
});

test("no packet is lost while faults come, change and go", async () => {
  const all = pinged(4000);
  for (let turn = 0; turn < 5; turn += 1) {
    const { id } = await at.inject("line-rate", "alpha", ["rate=50mbit"]);
    await at.inject("line-rate", "alpha", ["rate=20mbit", `from=${PREFIX}`]);
    await at.inject("line-duplicate", "alpha", ["share=1%"]);
    await at.heal("alpha", id);
    await at.heal("alpha");
  }
  expect(await all).toMatchObject({ sent: 4000, received: 4000 });
});

describe("what needs netem", () => {
  test.each([
    ["line-delay", "delay=5ms"],
    ["line-jitter", "jitter=5ms"],
    ["line-reorder", "share=5%"],
    ["line-corrupt", "share=5%"],
    ["line-loss", "good-to-bad=1%"],
  ])("%s (%s) is refused with the reason where there is none, and works else", async (kind, ...words) => {
    if (netem) return void (await at.inject(kind, "alpha", words));
    await expect(at.inject(kind, "alpha", words)).rejects.toThrow(/no netem \(module sch_netem\)/);
    expect(await at.faults("alpha")).toEqual([]);
  });
});

test("a line by lab.yaml is in force, and changes in place", async () => {
  const beta = async (): Promise<Counted> => {
    const { cpes } = await statusOf(LAB);
    const port = cpes[0]?.wans.find((one) => one.provider === "beta")?.interface ?? "";
    return await pinged(200, "-i 0.002", `${(await at.provider("beta")).linkLocal}%${port}`);
  };
  expect((await at.provider("beta")).settings).toMatchObject({ "line.loss": "50%", "line.up": "20mbit" });
  const { received } = await beta();
  expect(received).toBeGreaterThan(10);
  expect(received).toBeLessThan(100);
  const file = writeLab(LAB, [ALPHA, { ...BETA, more: "line: {up: 20mbit}" }]);
  const { stdout } = await succeed(["up", file, "--dry-run", "--json"]);
  expect(stdout).toContain('"update"');
  await succeed(["up", file]);
  expect(await beta()).toMatchObject({ received: 200 });
});
