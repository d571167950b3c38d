/** Two providers on one LAN and a bundled host there (RFC 8028), by packets. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import { docker, eventually, inLabHost, mhlab, PROJECT } from "../support/sandbox.ts";
import { containersOf, hostInterfaces, statusOf, succeed, useLabs } from "./fixture.ts";

useLabs();

const EXAMPLE = join(PROJECT, "examples/shared-lan/lab.yaml");
const LAB = "shared-lan";
const INTERNET = "2001:db8::1";
const PREFIX = { alpha: "2001:db8:a:0:", beta: "2001:db8:b:0:" } as const;
type Name = keyof typeof PREFIX;
/** Interfaces of the lab host that are there for reasons of their own. */
let before: string[];

beforeAll(async () => {
  before = await hostInterfaces();
  await succeed(["up", EXAMPLE]);
});

const pc = (status: LabStatus): LabStatus["hosts"][number] => {
  const [host] = status.hosts;
  if (host === undefined) throw new Error("no host");
  return host;
};
const inPc = (argv: readonly string[]): ReturnType<typeof mhlab> => mhlab(["exec", "pc", "--", ...argv]);

async function addressOf(provider: Name): Promise<string> {
  const found = pc(await statusOf(LAB)).addresses.find((one) => one.provider === provider);
  expect(found?.address).toContain(PREFIX[provider]);
  return found?.address ?? "";
}

async function ping(source: string, count: number): Promise<number> {
  const argv = ["ping", "-q", "-c", String(count), "-i", "0.05", "-W", "1", "-I", source, INTERNET];
  return Number(/(\d+) received/.exec((await inPc(argv)).stdout)?.[1] ?? -1);
}

const reaches = (source: string): Promise<void> =>
  eventually(async () => expect(await ping(source, 1)).toBe(1), { timeoutMs: 15_000 });

/** How many packets a provider has put into its tunnel. */
async function sent(provider: Name): Promise<number> {
  const file = `/sys/class/net/wg-${provider}/statistics/tx_packets`;
  return Number((await succeed(["exec", provider, "--", "cat", file])).stdout);
}

const container = async (node: string): Promise<ReturnType<typeof docker.getContainer>> =>
  docker.getContainer((await containersOf(LAB))[node] ?? "");

test("who is heard on the LAN is its customers, by the name that the user knows, with what they use", async () => {
  await reaches(await addressOf("alpha"));
  const bridge = JSON.parse((await inLabHost(["ip", "-j", "link", "show", "dev", "mh-street"])).stdout) as [
    { address: string },
  ];
  const { stdout: mac } = await inPc(["cat", "/sys/class/net/eth0/address"]);
  // As a bridge that is asked about groups speaks to all its ports.
  await inLabHost(["sh", "-c", "ip link set mh-street type bridge mcast_querier 1; sleep 3"]);
  await eventually(async () => {
    const status = await statusOf(LAB);
    const [alpha, beta] = status.providers;
    expect(alpha?.subscriber.place).toBe("mh-street");
    expect(alpha?.subscriber.neighbours.find((one) => one.mac === mac.trim())).toMatchObject({
      addresses: expect.arrayContaining([expect.stringContaining(PREFIX.alpha) as string]) as string[],
    });
    const heard = alpha?.subscriber.neighbours.map((one) => one.mac) ?? [];
    expect(heard).not.toContain(bridge[0].address);
    expect(heard).not.toContain(beta?.subscriber.mac);
  });
});

test("up returns with an address of each provider, and status tells the router of each", async () => {
  const status = await statusOf(LAB);
  expect(status.healthy).toBe(true);
  const router = (name: Name): string | undefined =>
    status.providers.find((one) => one.name === name)?.linkLocal;
  expect(pc(status)).toMatchObject({
    name: "pc",
    lan: "street",
    state: "running",
    addresses: [
      {
        address: expect.stringContaining(PREFIX.alpha) as string,
        provider: "alpha",
        router: router("alpha"),
        state: "preferred",
        preferredUntil: expect.any(String) as string,
      },
      {
        address: expect.stringContaining(PREFIX.beta) as string,
        provider: "beta",
        router: router("beta"),
        state: "preferred",
        validUntil: expect.any(String) as string,
      },
    ],
    defaultRouters: [
      { address: router("alpha"), provider: "alpha", preference: "medium" },
      { address: router("beta"), provider: "beta", preference: "medium" },
    ],
    ready: true,
    problems: [],
  });
  const { stdout } = await succeed(["status", LAB]);
  expect(stdout).toMatch(/LAN street\n.*\n +pc +● ready +2001:db8:a:0:\S+ +alpha +fe80::/);
});

test.each(["alpha", "beta"] as const)(
  "what is from %s's prefix goes by its tunnel, and nobody refuses it",
  async (name) => {
    const other = name === "alpha" ? "beta" : "alpha";
    const source = await addressOf(name);
    const [own, others] = [await sent(name), await sent(other)];
    expect(await ping(source, 60)).toBe(60);
    // A provider's own probe sends one each second.
    expect((await sent(name)) - own).toBeGreaterThanOrEqual(60);
    expect((await sent(other)) - others).toBeLessThan(30);
    const { providers } = await statusOf(LAB);
    expect(providers.map(({ leaks }) => leaks.up)).toEqual([0, 0]);
  },
);

test("the wrong router would refuse it: that is what the rules are for", async () => {
  const source = await addressOf("alpha");
  const wrong = ["ip", "-6", "rule", "add", "priority", "500", "from", `${source}/128`, "lookup", "101"];
  await succeed(["exec", "pc", "--", ...wrong]);
  expect(await ping(source, 3)).toBe(0);
  const beta = (await statusOf(LAB)).providers.find(({ name }) => name === "beta");
  expect(beta?.leaks.up).toBeGreaterThanOrEqual(3);
  await succeed(["exec", "pc", "--", "ip", "-6", "rule", "del", "priority", "500"]);
  expect(await ping(source, 3)).toBe(3);
});

test("a program without a source of its own gets one that fits the router, and names are found", async () => {
  const { stdout } = await inPc(["curl", "-sS", "-m", "5", "http://whoami.example/"]);
  expect(stdout).toContain(`You are ${await addressOf("alpha")} through alpha`);
});

test("a provider that stops takes its way with it at once, the other one stays; it comes back by itself", async () => {
  const [alpha, beta] = [await addressOf("alpha"), await addressOf("beta")];
  await (await container("alpha")).stop({ t: 3 });
  await eventually(async () => {
    const host = pc(await statusOf(LAB));
    expect(host.addresses).toMatchObject([{ address: alpha, router: null }, { address: beta }]);
    expect(host.defaultRouters.map(({ provider }) => provider)).toEqual(["beta"]);
    expect(host.problems.map(({ message }) => message)).toEqual([
      "no router advertisement with a lifetime from alpha",
    ]);
  });
  const others = await sent("beta");
  expect(await ping(alpha, 40)).toBeLessThanOrEqual(0);
  expect((await sent("beta")) - others).toBeLessThan(30);
  expect(await ping(beta, 5)).toBe(5);
  const { stdout } = await inPc(["curl", "-sSg", "-m", "5", `http://[${INTERNET}]/`]);
  expect(stdout).toContain("through beta");
  await (await container("alpha")).start();
  await reaches(alpha);
  await eventually(async () => expect(await statusOf(LAB)).toMatchObject({ healthy: true }), {
    timeoutMs: 15_000,
  });
});

test("the bridge is removed by somebody: all plug in again", async () => {
  const addresses = [await addressOf("alpha"), await addressOf("beta")];
  await inLabHost(["ip", "link", "del", "mh-street"]);
  for (const address of addresses) await reaches(address);
  expect(await hostInterfaces()).toContain("mh-street");
});

test("docker restart of the host: the same addresses and ways", async () => {
  const addresses = [await addressOf("alpha"), await addressOf("beta")];
  await (await container("pc")).restart({ t: 3 });
  for (const address of addresses) await reaches(address);
  await eventually(async () => expect(await statusOf(LAB)).toMatchObject({ healthy: true }));
});

test("a killed provider is a router until its lifetime ends, and heals when it is started", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mhlab-lan-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "lab.yaml");
  const short = "subscriber: {lan: street}\n    router-advertisement: {lifetime: 12s, interval: 4s}";
  writeFileSync(file, readFileSync(EXAMPLE, "utf8").replaceAll("subscriber: {lan: street}", short));
  const host = (await containersOf(LAB))["pc"];
  await succeed(["up", file, "--replace"]);
  // The host has followed the new advertisements; it is the same container.
  expect((await containersOf(LAB))["pc"]).toBe(host);
  const [alpha, beta] = [await addressOf("alpha"), await addressOf("beta")];
  await reaches(alpha);
  await (await container("alpha")).kill();
  expect(await ping(beta, 5)).toBe(5);
  expect(await ping(alpha, 1)).toBe(0);
  await eventually(
    async () => expect(pc(await statusOf(LAB)).addresses[0]).toMatchObject({ address: alpha, router: null }),
    { timeoutMs: 20_000 },
  );
  expect(await ping(beta, 5)).toBe(5);
  await (await container("alpha")).start();
  await reaches(alpha);
});

test("down leaves no bridge and no ports, also after the host and a provider were killed", async () => {
  await (await container("pc")).kill();
  await (await container("beta")).kill();
  await succeed(["down", LAB, "--purge"]);
  expect(await containersOf(LAB)).toEqual({});
  await eventually(async () => expect(await hostInterfaces()).toEqual(before));
  const { stdout } = await inLabHost(["nft", "list", "tables", "netdev"]);
  expect(stdout).not.toContain("mh-street");
});
