import { preferredOf } from "../../../src/core/render/cpe/host-addresses.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Plan } from "../../../src/core/render/plan/plan.ts";
import { docker, mhlab } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

const LAB = "inplace";
const CHANGED = {
  ...ALPHA,
  more: [
    "delegation: {preferred: 10m, valid: 20m}",
    "router-advertisement: {preference: high, lifetime: 15m}",
    "dns: [2001:db8:a::53]",
    "source-validation: drop",
  ].join("\n    "),
};

test("lifetimes, advertisements, DNS and source validation change in place: no packet of a host is lost, the CPE has what is new", async () => {
  await succeed(["up", writeLab(LAB, [ALPHA, BETA])]);
  const before = { containers: await containersOf(LAB), status: await statusOf(LAB) };
  const source = before.status.cpes[0]?.hosts[0]?.addresses.find(({ address }) =>
    address.startsWith("2001:db8:a:"),
  )?.address;
  const pinging = mhlab(
    ["exec", "home-host1", "--", ...`ping -6 -q -i 0.01 -W 1 -c 600 -I ${source} 2001:db8::1`.split(" ")],
    { timeoutMs: 60_000 },
  );
  const file = writeLab(LAB, [CHANGED, BETA]);
  const { stdout: plan } = await succeed(["up", file, "--dry-run", "--json"]);
  expect(JSON.parse(plan)).toMatchObject({
    steps: [
      {
        action: "update",
        name: "alpha",
        reason: expect.stringMatching(/source validation.*reject → drop/),
      },
      { action: "update", name: "home", reason: "asks alpha again" },
    ],
    unchanged: ["internet", "beta", "home-host1"],
  });
  await succeed(["up", file]);
  const { stdout } = await pinging;
  expect(stdout).toMatch(/600 received/);

  expect(await containersOf(LAB)).toEqual(before.containers);
  const status = await statusOf(LAB);
  expect(status).toMatchObject({
    healthy: true,
    providers: [
      {
        delegations: [{ prefix: "2001:db8:a:8000::/56", preferredS: 600, validS: 1200 }],
        sourceValidation: { wanted: "drop", effective: "drop" },
        restarts: { kea: 0, bird: 0, wireguard: 0 },
      },
      { delegations: [{ preferredS: 1800 }] },
    ],
  });
  const untilMs = Date.parse(status.cpes[0]?.wans[0]?.validUntil ?? "");
  expect(untilMs - Date.now()).toBeLessThanOrEqual(1_200_000);
  expect((await succeed(["up", file, "--dry-run"])).stdout).toContain("nothing to change");
});

test("a provider in the middle and a host more: the CPE stays, no packet by another provider is lost, no prefix moves", async () => {
  const before = { containers: await containersOf(LAB), status: await statusOf(LAB) };
  const source = before.status.cpes[0]?.hosts[0]?.addresses.find(({ address }) =>
    address.startsWith("2001:db8:b:"),
  )?.address;
  const pinging = mhlab(
    ["exec", "home-host1", "--", ...`ping -6 -q -i 0.01 -W 1 -c 1500 -I ${source} 2001:db8::1`.split(" ")],
    { timeoutMs: 60_000 },
  );
  const file = writeLab(LAB, [CHANGED, { name: "gamma", number: "c" }, BETA]);
  writeFileSync(file, readFileSync(file, "utf8").replace("hosts: 1", "hosts: 2"));
  const plan = JSON.parse((await succeed(["up", file, "--dry-run", "--json"])).stdout) as Plan;
  expect(plan.steps.find(({ name }) => name === "home")).toMatchObject({
    action: "update",
    reason: "providers: gamma added; hosts: home-host2 added",
  });
  await succeed(["up", file]);
  expect((await pinging).stdout).toMatch(/1500 received/);
  const { containers, status } = { containers: await containersOf(LAB), status: await statusOf(LAB) };
  expect(containers).toMatchObject(before.containers);
  const delegated = (of: typeof status): object[] =>
    of.providers
      .filter(({ name }) => name !== "gamma")
      .map(({ delegations }) => delegations.map(({ prefix, iaid }) => [prefix, iaid]));
  expect(delegated(status)).toEqual(delegated(before.status));
  expect(status.cpes[0]?.hosts.map(({ addresses }) => preferredOf(addresses).length)).toEqual([3, 3]);

  await succeed(["up", writeLab(LAB, [CHANGED, BETA])]);
  expect(await containersOf(LAB)).toEqual(before.containers);
  const after = (await statusOf(LAB)).cpes[0];
  expect(after?.hosts.map(({ addresses }) => addresses.length)).toEqual([2]);
});

test("what only a new container can take makes one, which keeps the customers' leases and its override", async () => {
  await succeed(["exec", "alpha", "--", "bng", "override", "set", "router-advertisement.preference=low"]);
  const before = { containers: await containersOf(LAB), status: await statusOf(LAB) };
  const file = writeLab(LAB, [{ ...CHANGED, more: `${CHANGED.more}\n    capture: true` }, BETA]);
  const { stderr } = await succeed(["up", file]);
  expect(stderr).toContain("alpha keeps its override (router-advertisement.preference=low)");
  expect((await containersOf(LAB))["alpha"]).not.toBe(before.containers["alpha"]);
  const { providers } = await statusOf(LAB);
  expect(providers[0]).toMatchObject({
    override: { settings: { "router-advertisement.preference": "low" } },
    settings: { "router-advertisement.preference": "low", "router-advertisement.lifetime": "15m" },
  });
  const [lease, earlier] = [providers, before.status.providers].map(([alpha]) => alpha?.delegations[0]);
  expect(lease).toMatchObject({ prefix: earlier?.prefix, duid: earlier?.duid, iaid: earlier?.iaid });
});

test("up --reset recreates what holds state, says why, and without it up changes nothing", async () => {
  const file = writeLab(LAB, [{ ...CHANGED, more: `${CHANGED.more}\n    capture: true` }, BETA]);
  const { stdout } = await succeed(["up", file, "--dry-run"]);
  expect(stdout).toContain("nothing to change");
  expect(stdout).toContain("override kept: alpha (router-advertisement.preference=low)");
  const { stdout: plan } = await succeed(["up", file, "--reset", "--dry-run", "--json"]);
  expect(JSON.parse(plan)).toMatchObject({
    steps: [
      { action: "recreate", name: "alpha", reason: "reset: router-advertisement.preference=low" },
      { action: "recreate", name: "beta", reason: "reset" },
      { action: "recreate", name: "home", reason: "reset" },
      { action: "recreate", name: "home-host1", reason: "reset" },
    ],
    overrides: [],
  });
  await succeed(["up", file, "--reset"]);
  const { providers } = await statusOf(LAB);
  expect(providers[0]).toMatchObject({
    override: { settings: {} },
    settings: { "router-advertisement.preference": "high" },
  });
  await succeed(["down", LAB]);
  const { Volumes } = await docker.listVolumes({
    filters: JSON.stringify({ label: [`io.mhlab.lab=${LAB}`] }),
  });
  expect(Volumes ?? []).toEqual([]);
});
