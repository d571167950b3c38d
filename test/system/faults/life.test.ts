/** The life of faults: they end on time, outlive agents, compose, count, and are left alone by `up` until it is told otherwise. */
import { beforeAll, expect, test } from "vitest";
import { startAsRoot } from "../../../src/adapters/sandbox/start.ts";
import { stopAsRoot } from "../../../src/adapters/sandbox/stop.ts";
import type { FaultStatus } from "../../../src/core/model/status/model.ts";
import { ALPHA, BETA, containersOf, statusOf, succeed, useLabs, writeLab } from "../lab/fixture.ts";
import { followEvents } from "../support/events.ts";
import { docker, eventually, mhlab, paths } from "../support/sandbox.ts";
import { faultyLab, type Snapshot } from "./fixture.ts";

useLabs();

const LAB = "lives";
const HOST = "home-host1";
const FAR = "2001:db8::1";
const { faults, heal, inject, inside, provider, healthy, snapshot } = faultyLab(LAB);

let file = "";
let sources: Record<"alpha" | "beta", string>;
let before: Snapshot;

beforeAll(async () => {
  file = writeLab(LAB, [ALPHA, BETA]);
  await succeed(["up", file]);
  const { cpes } = await healthy();
  const addresses = cpes[0]?.hosts[0]?.addresses ?? [];
  const of = (start: string): string =>
    addresses.find(({ address }) => address.startsWith(start))?.address ?? "";
  sources = { alpha: of("2001:db8:a:"), beta: of("2001:db8:b:") };
  before = await snapshot("alpha");
});

const ping = (name: "alpha" | "beta", words: string): ReturnType<typeof inside> =>
  inside(HOST, ["ping", "-6", "-n", ...words.split(" "), "-I", sources[name], FAR], 60_000);

/** How often its container was started again by the engine. */
async function restarts(name: string): Promise<number> {
  const id = (await containersOf(LAB))[name] ?? "";
  return (await docker.getContainer(id).inspect()).RestartCount;
}

test("five seconds are five seconds, by the clock of an independent capture", async () => {
  const capture = inside(
    "alpha",
    [
      "timeout",
      "20",
      "tcpdump",
      "-n",
      "-tt",
      "-i",
      "wg-alpha",
      "-c",
      "900",
      "icmp6 and ip6[40] == 128 and greater 200",
    ],
    40_000,
  );
  const pinging = ping("alpha", "-i 0.01 -c 900 -s 300 -W 1");
  await eventually(async () => expect((await inside("alpha", ["pgrep", "tcpdump"])).code).toBe(0));
  await succeed(["fault", "inject", "upstream-blackhole", "alpha", "--for", "5s"]);
  await pinging;
  await inside("alpha", ["pkill", "-INT", "tcpdump"]);
  const times = (await capture).stdout
    .split("\n")
    .flatMap((line) => Number(/^(\d+\.\d+) /.exec(line)?.[1]) || []);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  // Between two packets of a gap is at most one pause of the sender more, on each side.
  expect(Math.max(...gaps)).toBeGreaterThan(4.95);
  expect(Math.max(...gaps)).toBeLessThan(5.1);
  expect(await faults("alpha")).toEqual([]);
});

test("injecting and healing lose no packet that is not meant, of this provider or of another", async () => {
  const pinging = (["alpha", "beta"] as const).map((name) => ping(name, "-q -i 0.01 -c 500 -W 1"));
  const kinds = [
    ["upstream-blackhole", "protocol=tcp"],
    ["upstream-walled-garden", `allow=${FAR}/128,2001:db8:a::/48`],
    ["ra-mtu-lie", "mtu=1280"],
    ["dns-dead"],
    ["link-multicast-loss", "share=20%"],
    ["upstream-pmtu-blackhole", "mtu=1300"],
  ] as const;
  for (const [kind, ...words] of kinds) await inject(kind, "alpha", words);
  for (const { id } of (await faults("alpha")).toReversed()) await heal("alpha", id);
  for (const { stdout } of await Promise.all(pinging)) expect(stdout).toMatch(/500 received/);
  expect(await snapshot("alpha")).toEqual(before);
});

test("of two that meet the same packets the first one counts; healing it leaves the other with what it met", async () => {
  const first = await inject("upstream-blackhole", "alpha", ["direction=up", "protocol=icmpv6"]);
  const second = await inject("upstream-unreachable", "alpha");
  await ping("alpha", "-c 3 -i 0.2 -W 1");
  const [one, other] = await faults("alpha");
  expect(one?.hits.up).toBeGreaterThanOrEqual(3);
  expect(other?.hits.up).toBe(0);
  await heal("alpha", first.id);
  expect((await ping("alpha", "-c 3 -i 0.2 -W 1")).stdout).toContain("No route");
  expect(await faults("alpha")).toMatchObject([{ id: second.id }]);
  const [healed] = await heal("alpha", second.id);
  expect(healed?.hits.up).toBeGreaterThanOrEqual(3);
  expect(await snapshot("alpha")).toEqual(before);
});

test("what is asked wrongly is refused with what would be right, and nothing is left of it", async () => {
  const said = async (...words: string[]): Promise<string> => {
    const { code, stderr } = await mhlab(["fault", "inject", ...words]);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await said("ra-stopp", "alpha")).toContain("did you mean ra-stop?");
  expect(await said("ra-stop", "alpha", "mtu=9000")).toContain("it has none");
  expect(await said("ra-mtu-lie", "alpha", "mtu=1")).toContain("1280 to 65535");
  expect(await said("ra-stop", "gamma")).toContain("there is no provider named 'gamma'");
  expect(await said("ra-stop", HOST)).toContain("no provider");
  expect((await mhlab(["fault", "heal", "alpha-99"])).stderr).toContain("no fault is injected");
  expect(await faults("alpha")).toEqual([]);
});

test("began and ended are events, with the reason and what was met", async () => {
  const id = (await containersOf(LAB))["alpha"] ?? "";
  const stream = followEvents(id, ["events", "attached"]);
  await stream.until(({ event }) => event === "snapshot");
  const fault = await inject("upstream-blackhole", "alpha", ["for=1s"]);
  await ping("alpha", "-c 2 -i 0.2 -W 1");
  const began = await stream.until(({ event }) => event === "fault-began");
  const ended = await stream.until(({ event }) => event === "fault-ended");
  expect(stream.lines[ended]).toMatchObject({ reason: "time", fault: { id: fault.id } });
  const { hits } = (stream.lines[ended]?.["fault"] ?? {}) as Partial<FaultStatus>;
  expect(hits?.up).toBeGreaterThanOrEqual(2);
  const [first, last] = [began, ended].map((index) => stream.lines[index]?.monotonicS ?? Number.NaN);
  expect((last ?? 0) - (first ?? 0)).toBeGreaterThan(0.9);
});

test("a BNG that crashes has its leases and its other faults afterwards, and these end at their time", async () => {
  const { delegations } = await provider("alpha");
  await inject("ra-mtu-lie", "alpha", ["mtu=1400"]);
  const timed = await inject("upstream-blackhole", "alpha", ["for=25s"]);
  const started = await restarts("alpha");
  const { stdout } = await succeed(["fault", "inject", "bng-crash", "alpha"]);
  expect(stdout).toContain("its BNG dies");
  await eventually(async () => expect(await restarts("alpha")).toBe(started + 1), { timeoutMs: 30_000 });
  // And once more in the middle of it, by somebody else.
  await eventually(async () => expect(await faults("alpha")).toHaveLength(2), { timeoutMs: 30_000 });
  await inside("alpha", ["pkill", "-9", "-o", "-x", "node"]);
  await eventually(async () => expect(await restarts("alpha")).toBe(started + 2), { timeoutMs: 30_000 });
  await eventually(
    async () =>
      expect(await provider("alpha")).toMatchObject({ ready: true, faults: [{}, { id: timed.id }] }),
    { timeoutMs: 30_000 },
  );
  expect((await ping("alpha", "-c 2 -i 0.3 -W 1")).code).not.toBe(0);
  await eventually(
    async () => expect((await provider("alpha")).faults.map(({ kind }) => kind)).toEqual(["ra-mtu-lie"]),
    { timeoutMs: 40_000, everyMs: 50 },
  );
  expect(Date.now() - Date.parse(timed.endsAt ?? "")).toBeLessThan(3000);
  await heal("alpha");
  await healthy();
  expect((await provider("alpha")).delegations.map(({ prefix }) => prefix)).toEqual(
    delegations.map(({ prefix }) => prefix),
  );
  expect(await restarts("alpha")).toBe(started + 2);
});

test("a BNG that forgets its leases does so once; who asks again is served", async () => {
  const { stdout } = await succeed(["fault", "inject", "bng-lease-loss", "alpha"]);
  expect(stdout).toMatch(/forgot [12] lease/);
  await eventually(async () => expect((await provider("alpha")).delegations).toEqual([]));
  expect(await faults("alpha")).toEqual([]);
  expect((await ping("alpha", "-c 1 -W 1")).code).not.toBe(0);
  await inside("home", ["pkill", "-HUP", "-x", "dhcpcd"]);
  await healthy();
});

test("up and start leave faults in place, say so, and do not wait for what they prevent; up --reset ends them", async () => {
  await inject("upstream-tunnel-down", "alpha");
  await inject("ra-stop", "beta");
  const dry = await succeed(["up", file, "--dry-run"]);
  expect(dry.stdout).toContain("nothing to change");
  const { stderr, stdout } = await succeed(["up", file]);
  expect(stderr).toMatch(
    /2 faults stay injected: alpha-\d+ \(upstream-tunnel-down up\), beta-\d+ \(ra-stop down\)/,
  );
  expect(stdout).toContain("degraded (expected)");
  await succeed(["restart", "alpha"]);
  // Its customers need a moment more than itself.
  await eventually(async () => expect(await statusOf(LAB)).toMatchObject({ healthy: false, asked: true }));
  const shown = await mhlab(["status", LAB]);
  expect(shown.code).toBe(5);
  expect(shown.stdout).toContain("degraded (expected): 2 faults");
  const listed = JSON.parse((await succeed(["fault", "list", LAB, "--json"])).stdout) as { faults: object[] };
  expect(listed.faults).toMatchObject([
    { provider: "alpha", kind: "upstream-tunnel-down", endsAt: null },
    { provider: "beta", kind: "ra-stop" },
  ]);
  await succeed(["up", file, "--reset"]);
  await healthy();
  expect([await faults("alpha"), await faults("beta")]).toEqual([[], []]);
});

test("a machine that starts again in the middle of a fault and of a renumbering: what was asked for holds", async () => {
  const fault = await inject("upstream-blackhole", "alpha", ["for=20m"]);
  await succeed(["renumber", "beta", "2001:db8:bb::/48", "--graceful", "--overlap", "1h"]);
  const prefixesOf = async (): Promise<unknown> =>
    (await provider("beta")).prefixes.map(({ prefix, state, endsAt }) => ({ prefix, state, endsAt }));
  const prefixes = await prefixesOf();
  await stopAsRoot({ paths });
  await startAsRoot({ paths });
  await eventually(
    async () => {
      expect(await provider("alpha")).toMatchObject({
        ready: true,
        faults: [{ id: fault.id, endsAt: fault.endsAt }],
      });
      expect(await prefixesOf()).toEqual(prefixes);
      expect(await statusOf(LAB)).toMatchObject({ asked: true });
    },
    { timeoutMs: 90_000, everyMs: 500 },
  );
  const here = (await provider("beta")).delegations.map(({ prefix }) => prefix);
  expect(here.filter((prefix) => prefix.startsWith("2001:db8:bb:"))).not.toEqual([]);
  expect((await ping("alpha", "-c 2 -i 0.3 -W 1")).code).not.toBe(0);
  expect((await ping("beta", "-c 2 -i 0.3 -W 1")).code).toBe(0);
  await succeed(["up", file, "--reset"]);
  await healthy();
});
