import { expect, test } from "vitest";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import { eventually, mhlab } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, startMhlab, statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

const LAB = "renumber";
/** Its CPE renews each six seconds. */
const SHORT = "delegation: {preferred: 40s, valid: 80s, renew: 6s, rebind: 20s}";
const file = (number: string): string => writeLab(LAB, [{ ...ALPHA, number, more: SHORT }, BETA]);
const prefixes = ({ providers }: LabStatus): string[] | undefined =>
  providers[0]?.prefixes.map(({ prefix, state }) => `${prefix} ${state}`);

test("graceful: the CPE and its host have both prefixes, then the new one only; nobody loses a packet", async () => {
  await succeed(["up", file("a")]);
  const before = { containers: await containersOf(LAB), sources: await hostAddresses() };
  const [byOld = "", byBeta = ""] = before.sources;
  const ofBeta = lost(byBeta, 2000);
  const ofOld = lost(byOld, 400);
  const { stdout } = await succeed([
    "renumber",
    "alpha",
    "2001:db8:c::/48",
    "--graceful",
    "--overlap",
    "40s",
  ]);
  expect(stdout).toContain("alpha: 2001:db8:c::/48 is current");
  // Whole seconds of what is left when the answer is printed.
  expect(stdout).toMatch(/^alpha: 2001:db8:a::\/48 is deprecated, and goes in (40|39|38) s$/m);
  expect(stdout).toContain("its customers hear of it when they renew, within 6 s (T1)");

  const status = await eventually(
    async () => {
      const now = await statusOf(LAB);
      expect(now.cpes[0]?.wans[0]?.delegatedPrefix).toMatch(/^2001:db8:c:8/);
      expect(now.healthy).toBe(true);
      expect(await hostAddresses()).toEqual([expect.stringMatching(/^2001:db8:c:/), byBeta]);
      return now;
    },
    { timeoutMs: 30_000 },
  );
  expect(status).toMatchObject({
    providers: [
      {
        prefix: "2001:db8:c::/48",
        prefixes: [
          { prefix: "2001:db8:c::/48", state: "current", endsAt: null },
          { prefix: "2001:db8:a::/48", state: "deprecated" },
        ],
      },
      {},
    ],
    internet: { peers: [{ prefixes: ["2001:db8:c::/48", "2001:db8:a::/48"] }, {}] },
  });
  expect(status.cpes[0]?.wans[0]?.formerPrefixes).toMatchObject([
    { prefix: "2001:db8:a:8000::/56", usable: true },
  ]);
  expect(status.cpes[0]?.hosts[0]?.addresses.find(({ address }) => address === byOld)).toMatchObject({
    provider: "alpha",
    state: "deprecated",
  });
  const [byNew = ""] = await hostAddresses();
  expect(await lost(byNew, 20)).toEqual([]);
  expect(await ofOld, "echoes from the former prefix").toEqual([]);
  const again = await succeed(["up", file("a")]);
  expect(again.stderr).toMatch(
    /alpha keeps its override \(2001:db8:c::\/48 current, 2001:db8:a::\/48 deprecated/,
  );

  await eventually(async () => expect(prefixes(await statusOf(LAB))).toEqual(["2001:db8:c::/48 current"]), {
    timeoutMs: 60_000,
  });
  await eventually(async () =>
    expect((await statusOf(LAB)).internet?.peers[0]?.prefixes).toEqual(["2001:db8:c::/48"]),
  );
  expect(await lost(byNew, 20)).toEqual([]);
  expect(await ofBeta, "echoes by the other provider").toEqual([]);
  expect(await containersOf(LAB)).toEqual(before.containers);
  const after = await healthy();
  expect(after).toMatchObject({
    healthy: true,
    providers: [{ restarts: { kea: 0, bird: 0, wireguard: 0 } }, {}],
  });
  expect(after.internet?.restarts).toMatchObject({ wireguard: 0 });
}, 240_000);

test("a lab file that has the new prefix by now ends it: nothing is made anew, and the override is empty", async () => {
  const before = await containersOf(LAB);
  const plan = JSON.parse((await succeed(["up", file("c"), "--dry-run", "--json"])).stdout) as {
    steps: { action: string; name: string }[];
  };
  expect(plan.steps.map(({ action, name }) => `${action} ${name}`)).toEqual([
    "update internet",
    "update alpha",
    "update home",
  ]);
  const [byNew = "", byBeta = ""] = await hostAddresses();
  const both = [lost(byNew, 400), lost(byBeta, 400)];
  await succeed(["up", file("c")]);
  expect(await Promise.all(both), "echoes by both").toEqual([[], []]);
  expect(await containersOf(LAB)).toEqual(before);
  expect((await statusOf(LAB)).providers[0]).toMatchObject({
    override: { settings: {}, faults: [] },
    prefixes: [{ prefix: "2001:db8:c::/48", state: "current" }],
  });
  expect((await succeed(["up", file("c"), "--dry-run"])).stdout).toContain("nothing to change");
}, 180_000);

test("a CLI that is killed leaves what it had ordered, and so does an agent; back again is an order like others", async () => {
  const cli = startMhlab(["renumber", "alpha", "2001:db8:d::/48", "--graceful", "--overlap", "40s"]);
  await eventually(
    async () => {
      const { stdout } = await mhlab(["exec", "alpha", "--", "cat", "/var/lib/mhlab/override.json"]);
      expect(stdout).toContain("2001:db8:d::/48");
    },
    { everyMs: 20 },
  );
  cli.kill("SIGKILL");
  await cli;
  const { providers } = await statusOf(LAB);
  expect(providers[0]?.prefixes).toMatchObject([
    { prefix: "2001:db8:d::/48", state: "current" },
    { prefix: "2001:db8:c::/48", state: "deprecated" },
  ]);
  await mhlab(["exec", "alpha", "--", "sh", "-c", "kill -9 $(pidof node)"]);
  const restarted = await eventually(
    async () => {
      const status = await statusOf(LAB);
      expect(status.providers[0]).toMatchObject({
        ready: true,
        delegations: [{ routed: true }, { routed: true }],
      });
      return status;
    },
    { timeoutMs: 30_000 },
  );
  expect(restarted.providers[0]?.prefixes.map(({ endsAt }) => endsAt)).toEqual(
    providers[0]?.prefixes.map(({ endsAt }) => endsAt),
  );
  expect(restarted.internet?.peers[0]?.prefixes).toEqual(["2001:db8:d::/48", "2001:db8:c::/48"]);
  const { stdout } = await succeed(["renumber", "alpha", "--abort"]);
  expect(stdout).toContain("2001:db8:c::/48 is current");
  expect(prefixes(await statusOf(LAB))).toEqual(["2001:db8:c::/48 current", "2001:db8:d::/48 deprecated"]);
  await eventually(
    async () => expect((await statusOf(LAB)).providers[0]?.override).toEqual({ settings: {}, faults: [] }),
    { timeoutMs: 60_000 },
  );
  await healthy();
}, 180_000);

test("flash: what was is dead at once, and its CPE finds out at its next renewal", async () => {
  const [byOld = "", byBeta = ""] = await hostAddresses();
  const ofBeta = lost(byBeta, 600);
  await succeed(["renumber", "alpha", "2001:db8:e::/48", "--flash"]);
  expect((await lost(byOld, 3))[0]).toBe(`3 from ${byOld}`);
  await eventually(
    async () => {
      const { healthy: isHealthy, cpes, internet } = await statusOf(LAB);
      expect(cpes[0]?.wans[0]?.delegatedPrefix).toMatch(/^2001:db8:e:8/);
      expect(internet?.peers[0]?.prefixes).toEqual(["2001:db8:e::/48"]);
      expect(isHealthy).toBe(true);
    },
    { timeoutMs: 60_000 },
  );
  expect(await ofBeta, "echoes by the other provider").toEqual([]);
}, 180_000);

test("withdraw: without another prefix the provider has none and is no router; a reset is as the lab file says", async () => {
  const { stdout } = await succeed(["renumber", "alpha", "--withdraw"]);
  expect(stdout).toContain("alpha has no prefix any more");
  await eventually(
    async () => {
      const { providers, cpes } = await statusOf(LAB);
      expect(providers[0]).toMatchObject({ prefix: "", delegations: [] });
      expect(cpes[0]?.wans[0]).toMatchObject({ defaultRouter: null, delegatedPrefix: null });
    },
    { timeoutMs: 30_000 },
  );
  const asked = await statusOf(LAB);
  expect(asked).toMatchObject({ healthy: false, asked: true });
  expect(asked.cpes[0]?.problems.map(({ explainedBy }) => explainedBy)).toEqual([["renumbering"]]);
  const { stderr } = await succeed(["up", file("c")]);
  expect(stderr).toContain("alpha keeps its override (2001:db8:e::/48 withdrawn)");
  await succeed(["up", file("c"), "--reset"]);
  const status = await healthy();
  expect(status.providers[0]).toMatchObject({
    prefix: "2001:db8:c::/48",
    override: { settings: {}, faults: [] },
  });
}, 180_000);

test("what cannot be is refused with its reason, and changes nothing", async () => {
  for (const [words, reason] of [
    [["alpha", "2001:db8:b::/48", "--flash"], "2001:db8:b::/48 overlaps 2001:db8:b::/48, which beta has"],
    [["alpha", "2001:db8:0::/48", "--flash"], "which the bundled internet has"],
    [["alpha", "2001:db8:c:8000::/49", "--graceful"], "overlaps 2001:db8:c::/48, which it has (current)"],
    [["alpha", "2001:db8:f::/60", "--flash"], "a /56 does not fit into alpha's pool 2001:db8:f:8::/61"],
    [["alpha", "--abort"], "it is not being renumbered"],
    [["alpha", "--abort"], "renumber to it: mhlab renumber alpha PREFIX --flash"],
    [["alpha", "--graceful"], "--graceful needs the new prefix"],
    [["alpha", "2001:db8:f::/48"], "it is not said how to renumber"],
    [["home", "2001:db8:f::/48", "--flash"], "home is no provider"],
  ] as const) {
    const result = await mhlab(["renumber", ...words]);
    expect({ words, code: result.code, said: result.stderr }).toEqual({
      words,
      code: 2,
      said: expect.stringContaining(reason) as string,
    });
  }
  expect(prefixes(await statusOf(LAB))).toEqual(["2001:db8:c::/48 current"]);
});

async function healthy(): Promise<LabStatus> {
  return await eventually(
    async () => {
      const status = await statusOf(LAB);
      expect(status).toMatchObject({ healthy: true });
      return status;
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
}

/** What the host may use for new connections, alpha's first. */
async function hostAddresses(): Promise<string[]> {
  const { cpes } = await statusOf(LAB);
  const own = cpes[0]?.hosts[0]?.addresses.filter(({ state }) => state === "preferred") ?? [];
  return own
    .toSorted((one, two) => ((one.provider ?? "") < (two.provider ?? "") ? -1 : 1))
    .map(({ address }) => address);
}

/** Sends so many echo requests from the host, one each 20 ms; what was said of those that did not come back, none when all did. */
async function lost(source: string, count: number): Promise<string[]> {
  const words = [
    "ping",
    "-6",
    "-D",
    "-i",
    "0.02",
    "-W",
    "2",
    "-c",
    String(count),
    "-I",
    source,
    "2001:db8::1",
  ];
  const { stdout, stderr } = await mhlab(["exec", "home-host1", "--", ...words], { timeoutMs: 120_000 });
  const lines = stdout.split("\n");
  const came = new Set(
    lines.flatMap((line) => /bytes from .*icmp_seq=(\d+)/.exec(line)?.[1] ?? []).map(Number),
  );
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter((seq) => !came.has(seq));
  if (missing.length === 0) return [];
  const odd = lines.filter((line) => !/bytes from/.test(line));
  const before = (seq: number): string | undefined =>
    lines.find((line) => line.includes(`icmp_seq=${seq - 1} `));
  return [
    `${missing.length} from ${source}`,
    ...missing.slice(0, 20).map((seq) => `${seq} after ${before(seq)}`),
    ...odd,
    stderr,
  ];
}
