import { expect, test } from "vitest";
import { attack } from "../hostile-customer/fixture.ts";
import { LEAST_PRIVILEGE } from "../support/bng.ts";
import { eventually, PROJECT, type TestNetns } from "../support/sandbox.ts";
import { FIRST, far, routesBecome, SECOND, stop, useBng, withClient, withTwoClients } from "./fixture.ts";

useBng();

/** Of another provider: it is routed to the far side. */
const FOREIGN = "2001:db8:b::1";
/** Sources of packets that a program made itself. */
const FORGED = ["2001:db8:b::66", "fe80::66"];
const REFUSAL = "Source address failed ingress/egress policy";

for (const [mode, treatment] of [
  ["reject", "told with ICMPv6 type 1 code 5"],
  ["reject-routed", "told by way of the routing table"],
  ["drop", "dropped in silence"],
] as const) {
  test(`source validation '${mode}': a wrong source is ${treatment}, and counted`, async () => {
    const { bng, cpe, send } = await withClient({ "source-validation": mode });
    await send({ message: "solicit", rapid: true, pd: [1] });
    await routesBecome(bng, [FIRST]);
    // The CPE would send errors about the forged one back, with the BNG's own source.
    await holds(cpe, "2001:db8:a:8000::1", "2001:db8:a:9900::1", FOREIGN, "2001:db8:b::66");
    await passes(cpe, "2001:db8:a:8000::1");
    // Of the provider's own pool, but delegated to nobody: the way back is unreachable, so only the wire tells.
    const stranger = await ping(cpe, { source: "2001:db8:a:9900::1" });
    const foreign = await ping(cpe, { source: FOREIGN });
    expect(stranger).toContain("100% packet loss");
    expect(foreign).toContain("100% packet loss");
    for (const stdout of [stranger, foreign]) expect(refusalsIn(stdout)).toBe(mode === "reject" ? 2 : 0);
    await forge(cpe, (await bng.status()).subscriber.mac ?? "");
    const { leaks, sourceValidation } = await bng.status();
    expect(sourceValidation).toEqual({ wanted: mode, effective: mode });
    expect(leaks).toMatchObject({ up: 4 + 14, down: 0 });
    expect(new Set(leaks.addresses.map(({ address }) => address))).toEqual(
      new Set(["2001:db8:a:9900::1", FOREIGN, ...FORGED]),
    );
    await stop(bng);
  });
}

test.each([
  [56, "2001:db8:a:80ff::1", "2001:db8:a:8100::1"],
  // The kernel looks these up as intervals.
  [59, "2001:db8:a:801f::1", "2001:db8:a:8020::1"],
  [64, "2001:db8:a:8000:ffff::1", "2001:db8:a:8001::1"],
])("all of a delegated /%i may send, and what comes after it may not", async (length, last, next) => {
  const { bng, cpe, send } = await withClient({ "delegation.length": String(length) });
  await send({ message: "solicit", rapid: true, pd: [1] });
  await routesBecome(bng, [`2001:db8:a:8000::/${length}`]);
  await holds(cpe, "2001:db8:a:8000::1", last, next);
  await passes(cpe, "2001:db8:a:8000::1");
  await passes(cpe, last);
  expect(refusalsIn(await ping(cpe, { source: next }))).toBe(2);
  await stop(bng);
});

test("the error of 'reject-routed' follows the routing table: it is the far side that hears it", async () => {
  const { bng, cpe } = await withClient({ "source-validation": "reject-routed" });
  await holds(cpe, FOREIGN);
  const heard = await farSideHears(cpe, "icmp6[icmp6type]==1");
  expect(heard).toMatch(/2001:db8:b::1: ICMP6.*(unreachable|policy)/);
  await stop(bng);
});

test("source validation 'off' lets every source through, and counts those that are wrong", async () => {
  const { bng, cpe, send } = await withClient({ "source-validation": "off" });
  await send({ message: "solicit", rapid: true, pd: [1] });
  await holds(cpe, FOREIGN, "2001:db8:a:8000::1");
  await passes(cpe, "2001:db8:a:8000::1");
  expect((await bng.status()).leaks).toMatchObject({ up: 0, down: 0, addresses: [] });
  expect(await farSideHears(cpe, `src ${FOREIGN}`)).toContain(`${FOREIGN} > 2001:db8::1`);
  await forge(cpe, (await bng.status()).subscriber.mac ?? "");
  const { up, addresses } = (await bng.status()).leaks;
  const packetsOf = (source: string): number =>
    addresses.find(({ address }) => address === source)?.packets ?? 0;
  // What nobody's socket sent counts as well, whether it can go on from the link or not.
  expect(FORGED.map(packetsOf)).toEqual([7, 7]);
  expect(packetsOf(FOREIGN)).toBeGreaterThan(0);
  expect(up).toBe(packetsOf(FOREIGN) + 14);
  await stop(bng);
});

test("'reject' answers from its own address whatever the packet is: to itself, with its last hop, too big for the tunnel", async () => {
  const { bng, cpe, send } = await withClient({ "router-advertisement.mtu": "1500" });
  await send({ message: "solicit", rapid: true, pd: [1] });
  await holds(cpe, "2001:db8:a:8000::1", FOREIGN);
  await passes(cpe, "2001:db8:a:8000::1");
  for (const [words, answers] of [
    [["2001:db8::1"], "2001:db8:a::1"],
    [["2001:db8:a::1"], "2001:db8:a::1"],
    [["2001:db8:0:a::2"], "2001:db8:0:a::2"],
    [["fd00::1"], "2001:db8:a::1"],
    [["-t", "1", "2001:db8::1"], "2001:db8:a::1"],
    [["-M", "do", "-s", "1440", "2001:db8::1"], "2001:db8:a::1"],
  ] as const) {
    const stdout = await ping(cpe, { source: FOREIGN, words });
    expect(stdout).toContain(`From ${answers} icmp_seq=1 Destination unreachable: ${REFUSAL}`);
    expect(refusalsIn(stdout)).toBe(2);
  }
  // Never about a multicast (RFC 4443 2.4); Kea listens to this one, the CPE itself does not.
  const heard = await refusalsAt(cpe);
  await ping(cpe, { source: FOREIGN, words: ["ff02::1:2%wan0"] });
  expect(await refusalsAt(cpe)).toBe(heard);
  await passes(cpe, "2001:db8:a:8000::1");
  await stop(bng);
});

test("'reject' tells each of two CPEs on a port of its own packets, and of the other's prefix who used it", async () => {
  const { bng, one, other } = await withTwoClients();
  for (const { send } of [one, other]) await send({ message: "solicit", rapid: true, pd: [1] });
  await routesBecome(bng, [FIRST, SECOND]);
  await holds(one.cpe, FOREIGN, "2001:db8:a:8000::1", "2001:db8:a:8100::1");
  await holds(other.cpe, FOREIGN, "2001:db8:a:8100::1");
  await passes(one.cpe, "2001:db8:a:8000::1");
  await passes(other.cpe, "2001:db8:a:8100::1");
  const before = [await refusalsAt(one.cpe), await refusalsAt(other.cpe)];

  const words = ["-c", "8", "2001:db8::1"];
  const [heardByOne, heardByOther] = await Promise.all([
    ping(one.cpe, { source: FOREIGN, words }),
    ping(other.cpe, { source: FOREIGN, words }),
  ]);
  expect([refusalsIn(heardByOne), refusalsIn(heardByOther)]).toEqual([8, 8]);
  expect(refusalsIn(await ping(one.cpe, { source: "2001:db8:a:8100::1" }))).toBe(2);
  expect([await refusalsAt(one.cpe), await refusalsAt(other.cpe)]).toEqual([
    (before[0] ?? 0) + 10,
    (before[1] ?? 0) + 8,
  ]);
  await passes(other.cpe, "2001:db8:a:8100::1");
  await stop(bng);
});

test("'reject' answers a flood at a bounded rate, and counts all of it", async () => {
  const { bng, cpe } = await withClient();
  await holds(cpe, FOREIGN);
  await eventually(async () => expect(refusalsIn(await ping(cpe, { source: FOREIGN }))).toBe(2));
  const packets = (await bng.status()).leaks.up;
  const heard = await refusalsAt(cpe);
  const flood = ["-l", "1000", "-c", "1000", "2001:db8::1"];
  const sentInMs = Number(/time (\d+)ms/.exec(await ping(cpe, { source: FOREIGN, words: flood }))?.[1]);
  const answers = (await refusalsAt(cpe)) - heard;
  expect(answers).toBeGreaterThanOrEqual(20);
  expect(answers).toBeLessThanOrEqual(25 + sentInMs / 10);
  expect((await bng.status()).leaks.up - packets).toBe(1000);
  await stop(bng);
});

test("'reject' answers again after the port was set down", async () => {
  const { bng, cpe } = await withClient();
  await holds(cpe, FOREIGN);
  const refuses = async (): Promise<void> => expect(refusalsIn(await ping(cpe, { source: FOREIGN }))).toBe(2);
  await eventually(refuses);
  await bng.exec(["ip", "link", "set", "sub0", "down"]);
  await eventually(refuses);
  await stop(bng);
});

test.each([
  [
    "a container without its sysctl",
    LEAST_PRIVILEGE.filter(
      (word, index, all) => ![word, all[index + 1]].includes("net.ipv6.fwmark_reflect=1"),
    ),
    "without --sysctl net.ipv6.fwmark_reflect=1",
  ],
  [
    "a kernel without the egress hook",
    [...LEAST_PRIVILEGE, "-v", `${PROJECT}/test/system/bng/nft-without-egress.sh:/usr/local/sbin/nft:ro`],
    "this kernel lacks nftables' egress hook",
  ],
])("'reject' is 'reject-routed' in %s, and says so", async (_, options, why) => {
  const { bng, cpe } = await withClient({}, options);
  await holds(cpe, FOREIGN);
  expect((await bng.status()).sourceValidation).toEqual({ wanted: "reject", effective: "reject-routed" });
  expect(await bng.logs()).toContain(why);
  expect(await farSideHears(cpe, "icmp6[icmp6type]==1")).toContain(FOREIGN);
  await stop(bng);
});

async function forge(cpe: TestNetns, router: string): Promise<void> {
  for (const source of FORGED)
    await attack(cpe, "udp", { source, destination: "2001:db8::1", router, count: 7 });
}

async function holds(cpe: TestNetns, ...addresses: string[]): Promise<void> {
  for (const address of addresses) await cpe.run(["ip", "addr", "add", `${address}/128`, "dev", "lo"]);
}

/** What ping says of two echo requests, or of what `words` ask for. */
async function ping(
  cpe: TestNetns,
  { source, words = ["2001:db8::1"] }: { source: string; words?: readonly string[] },
): Promise<string> {
  const argv = ["ping", "-6", "-c", "2", "-i", "0.2", "-W", "1", "-I", source, ...words];
  return (await cpe.run(argv, { check: false })).stdout;
}

async function passes(cpe: TestNetns, source: string): Promise<void> {
  await eventually(async () => expect(await ping(cpe, { source })).toContain(" 0% packet loss"));
}

const refusalsIn = (stdout: string): number => stdout.split(REFUSAL).length - 1;

/** How many unreachables came to a CPE, whether someone waits for them or not. */
async function refusalsAt(cpe: TestNetns): Promise<number> {
  const { stdout } = await cpe.run(["cat", "/proc/self/net/snmp6"]);
  return Number(/^Icmp6InDestUnreachs\s+(\d+)/m.exec(stdout)?.[1]);
}

/** What the far side captures by a filter while the CPE pings from another provider's address. */
async function farSideHears(cpe: TestNetns, filter: string): Promise<string> {
  const capture = far.netns.run(["timeout", "8", "tcpdump", "-n", "-l", "-c", "1", "-i", "any", filter]);
  let heard = false;
  void capture.then(
    () => (heard = true),
    () => undefined,
  );
  await eventually(
    async () => {
      await ping(cpe, { source: FOREIGN, words: ["-c", "1", "2001:db8::1"] });
      expect(heard).toBe(true);
    },
    { timeoutMs: 8000 },
  );
  return (await capture).stdout;
}
