import { expect, test } from "vitest";
import { eventually } from "../support/sandbox.ts";
import { FIRST, far, pdRoutes, prefixesOf, put, routesBecome, stop, useBng, withClient } from "./fixture.ts";
import type { TestNetns } from "../support/netns.ts";

useBng();

const OVERRIDE = "/var/lib/mhlab/override.json";
const SOURCE = "2001:db8:a:8000::1";

test("settings change in place: no packet is lost, no lease, no daemon is started again, and each is seen on the wire", async () => {
  const { bng, cpe, send } = await withClient({ "delegation.valid": "4h" });
  expect(prefixesOf(await send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([FIRST]);
  await routesBecome(bng, [FIRST]);
  await cpe.run(["ip", "addr", "add", `${SOURCE}/64`, "dev", "lo"]);
  await eventually(async () => expect(await pings(cpe, 1)).toBe(1), { timeoutMs: 10_000 });
  const before = await bng.status();

  const pinging = pings(cpe, 1000);
  const heard = cpe.run(["timeout", "8", "rdisc6", "-1", "-w", "7000", "wan0"], { check: false });
  put(bng, {
    "delegation.preferred": "10m",
    "delegation.valid": "20m",
    "delegation.renew": "5m",
    "delegation.rebind": "8m",
    "router-advertisement.preference": "high",
    "router-advertisement.lifetime": "15m",
    dns: "[2001:db8:a::53]",
    "source-validation": "drop",
  });
  expect(JSON.parse(await bng.exec(["bng", "resync"]))).toEqual({ ok: true });
  put(bng, { "source-validation": "reject-routed" });
  await bng.exec(["bng", "resync"]);
  expect((await bng.status()).sourceValidation).toEqual({
    wanted: "reject-routed",
    effective: "reject-routed",
  });
  put(bng, {
    "delegation.preferred": "10m",
    "delegation.valid": "20m",
    "delegation.renew": "5m",
    "delegation.rebind": "8m",
    "router-advertisement.preference": "high",
    "router-advertisement.lifetime": "15m",
    dns: "[2001:db8:a::53]",
    "source-validation": "drop",
  });
  await bng.exec(["bng", "resync"]);
  await heard;
  expect(await pinging, "echoes that came back of 1000").toBe(1000);

  const after = await bng.status();
  expect(after.delegations).toEqual([before.delegations[0]]);
  expect(after.restarts).toEqual(before.restarts);
  expect(after.settings).toMatchObject({
    "delegation.valid": "20m",
    "router-advertisement.preference": "high",
  });
  expect(after.sourceValidation).toEqual({ wanted: "drop", effective: "drop" });
  expect(after.problems).toEqual([]);
  const renewed = await send({ message: "renew", pd: [1] });
  expect(renewed.pd[0]).toMatchObject({
    t1: 300,
    t2: 480,
    leases: [{ value: FIRST, preferred: 600, valid: 1200 }],
  });
  const { stdout: ra } = await cpe.run(["rdisc6", "-1", "-r", "3", "-w", "2000", "wan0"]);
  expect(ra).toMatch(/Router lifetime\s*:\s*900/);
  expect(ra).toMatch(/Router preference\s*:\s*high/);
  expect(ra).toMatch(/Valid time\s*:\s*1200/);
  expect(ra).toMatch(/Recursive DNS server\s*:\s*2001:db8:a::53/);
  await stop(bng);
});

test("what the status tells of advertisements is what was sent, as soon as it was sent", async () => {
  const { bng } = await withClient();
  const told = async (): Promise<string | undefined> =>
    (await bng.status()).advertisement.fields.find(({ name }) => name === "Router lifetime")?.value;
  for (let lifetime = 1000; lifetime < 1006; lifetime++) {
    await bng.exec(["bng", "override", "set", `router-advertisement.lifetime=${lifetime}s`]);
    // Two advertisements are a second apart at least (BIRD: min delay).
    await eventually(async () => expect(await told()).toBe(`${lifetime} s`), { timeoutMs: 5000 });
  }
  await stop(bng);
});

test("an override stands above the settings, and a kill of the agent and a restart of the container keep it", async () => {
  const { bng } = await withClient();
  expect(
    JSON.parse(
      await bng.exec([
        "bng",
        "override",
        "set",
        "router-advertisement.lifetime=0s",
        "router-advertisement.preference=low",
      ]),
    ),
  ).toEqual({
    override: {
      settings: { "router-advertisement.lifetime": "0s", "router-advertisement.preference": "low" },
      faults: [],
    },
  });
  put(bng, { "router-advertisement.lifetime": "10m", dns: "[2001:db8:a::53]" });
  await bng.exec(["bng", "resync"]);
  const expectIt = async (): Promise<void> => {
    const { settings, override } = await bng.until("ready", ({ ready }) => ready);
    expect(override).toEqual({
      settings: { "router-advertisement.lifetime": "0s", "router-advertisement.preference": "low" },
      faults: [],
    });
    expect(settings).toMatchObject({
      prefix: "2001:db8:a::/48",
      "router-advertisement.lifetime": "0s",
      "router-advertisement.preference": "low",
      dns: "[2001:db8:a::53]",
    });
    expect(await bng.exec(["grep", "default lifetime", "/run/mhlab/bird.conf"])).toContain("lifetime 0;");
  };
  await expectIt();
  // The container ends with its agent; whoever runs one by hand has it started again, by a policy or like this.
  await bng.exec(["sh", "-c", "kill -9 $(pgrep -f '^node .*agent.js')"]).catch(() => undefined);
  await eventually(() => bng.start(), { timeoutMs: 20_000 });
  await eventually(expectIt, { timeoutMs: 20_000 });
  await bng.restart();
  await eventually(expectIt, { timeoutMs: 20_000 });
  await bng.exec(["bng", "override", "clear"]);
  expect(await bng.exec(["sh", "-c", `ls ${OVERRIDE} 2>&1 || true`])).toContain("No such file");
  expect((await bng.status()).settings).toMatchObject({
    prefix: "2001:db8:a::/48",
    "router-advertisement.lifetime": "10m",
    dns: "[2001:db8:a::53]",
  });
  await stop(bng);
});

test("a change that cannot be is refused with its reason, and nothing of it is taken; a broken override is told and left out", async () => {
  const { bng, send } = await withClient();
  await send({ message: "solicit", rapid: true, pd: [1] });
  await routesBecome(bng, [FIRST]);
  for (const [words, reason] of [
    [["set", "router-advertisement.lifetime=90000s"], "from 0s to 2h30m is possible here"],
    [["set", "delegation.renew=4h"], "comes after rebind"],
    [["set", "prefix=2001:db8:c::/48"], "cannot change while it runs"],
    [["set", "nothing"], "is not NAME=VALUE"],
    [["empty"], "override clear"],
  ] as const) {
    const answer = await bng.exec(["sh", "-c", 'bng override "$@" || true', "sh", ...words]);
    expect((JSON.parse(answer) as { error: string }).error).toContain(reason);
  }
  expect((await bng.status()).override).toEqual({ settings: {}, faults: [] });
  await bng.exec(["sh", "-c", `echo '{"settings":{"router-advertisement.lifetime":"long"}}' > ${OVERRIDE}`]);
  await bng.restart();
  const { problems, settings } = await bng.until("broken", ({ problems: found }) => found.length === 1);
  expect(problems.map(({ code }) => code)).toEqual(["intent-broken"]);
  expect(problems.map(({ message }) => message).join()).toContain("'long' is not a duration");
  expect(settings).not.toHaveProperty("router-advertisement.lifetime");
  expect(await pdRoutes(bng)).toEqual([FIRST]);
  await stop(bng);
});

/** How many of so many echo requests, one each 5 ms, came back from behind the tunnel. */
async function pings(cpe: TestNetns, count: number): Promise<number> {
  expect(far.endpoint).toBeTruthy();
  const { stdout } = await cpe.run(
    ["ping", "-6", "-q", "-i", "0.005", "-W", "1", "-c", String(count), "-I", SOURCE, "2001:db8::1"],
    { check: false, timeoutMs: 60_000 },
  );
  return Number(/(\d+) received/.exec(stdout)?.[1] ?? 0);
}

test("a document that cannot be is refused, and one that needs a new start says so; what is in force stays", async () => {
  const { bng } = await withClient({ "router-advertisement.preference": "high" });
  const refused = async (settings: Record<string, string>): Promise<string> => {
    put(bng, settings);
    return await bng.exec(["sh", "-c", "bng resync || true"]);
  };
  expect(await refused({ "router-advertisement.preference": "highest" })).toMatch(
    /provider\.yaml:\d+:\d+: 'highest' is not possible here; .*possible: low, medium, high/,
  );
  expect(await refused({ "delegation.length": "60" })).toContain(
    "delegation.length cannot change while it runs; restart the container",
  );
  expect((await bng.status()).settings).toMatchObject({ "router-advertisement.preference": "high" });
  await stop(bng);
});
