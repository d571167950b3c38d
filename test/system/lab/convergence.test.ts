import { expect, test } from "vitest";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import { eventually, inLabHost, mhlab, newNetns } from "../support/sandbox.ts";
import {
  ALPHA,
  BETA,
  containersOf,
  hostInterfaces,
  statusOf,
  succeed,
  useLabs,
  writeLab,
} from "./fixture.ts";

useLabs();

const LAB = "converge";
const GAMMA = { name: "gamma", number: "c" };

test("a dry run prints the plan with its reasons and changes nothing", async () => {
  const { stdout } = await succeed(["up", writeLab(LAB, [ALPHA, BETA]), "--dry-run"]);
  for (const node of ["internet", "alpha", "beta", "home", "home-host1"])
    expect(stdout).toMatch(new RegExp(`${node}.*new`));
  expect(await containersOf(LAB)).toEqual({});
});

test("changing one provider touches that one only", async () => {
  await succeed(["up", writeLab(LAB, [ALPHA, BETA])]);
  const first = await containersOf(LAB);
  const changed = writeLab(LAB, [ALPHA, { ...BETA, more: "delegation: {length: 60}" }]);
  const plan = await succeed(["up", changed, "--dry-run", "--json"]);
  expect(plan.stdout).toContain("beta");
  await succeed(["up", changed]);
  const second = await containersOf(LAB);
  expect({ ...second, beta: "" }).toEqual({ ...first, beta: "" });
  expect(second["beta"]).not.toBe(first["beta"]);
  // On a busy machine an echo of the CPE is late once.
  await eventually(async () => {
    const status = await statusOf(LAB);
    expect(problemsOf(status)).toEqual([]);
    expect(status).toMatchObject({
      healthy: true,
      providers: [{}, { delegations: [{ prefix: "2001:db8:b:8000::/60" }] }],
    });
  });
});

test("a provider that comes or goes leaves the others' containers and tunnels alone", async () => {
  const first = await containersOf(LAB);
  await succeed([
    "up",
    writeLab(LAB, [
      ALPHA,
      { ...BETA, more: "delegation: {length: 60}" },
      { ...GAMMA, subscriber: "{veth: gamma-sub}" },
    ]),
  ]);
  const second = await containersOf(LAB);
  expect(second).toMatchObject(first);
  expect(second["gamma"]).toBeDefined();
  const { gamma: _, ...others } = second;
  await succeed(["up", writeLab(LAB, [ALPHA, { ...BETA, more: "delegation: {length: 60}" }])]);
  expect(await containersOf(LAB)).toEqual(others);
  await succeed(["down", LAB]);
});

test("an absent subscriber interface: up says so for that provider, the others come up, and its arrival needs no command", async () => {
  const file = writeLab("absent", [
    { ...ALPHA, subscriber: "{interface: absent-nic}" },
    { ...BETA, subscriber: "{veth: beta-sub}" },
  ]);
  const { stdout, stderr } = await succeed(["up", file]);
  expect(stdout + stderr).toContain("absent-nic");
  expect(await statusOf("absent")).toMatchObject({
    healthy: false,
    providers: [
      { name: "alpha", subscriber: { present: false } },
      { name: "beta", state: "running" },
    ],
  });
  const cpe = await newNetns("cpe");
  await inLabHost([
    "ip",
    "link",
    "add",
    "absent-nic",
    "type",
    "veth",
    "peer",
    "name",
    "wan0",
    "netns",
    cpe.name,
  ]);
  await cpe.run(["ip", "link", "set", "wan0", "up"]);
  await eventually(async () => expect(await statusOf("absent")).toMatchObject({ healthy: true }));
  await succeed(["down", "absent"]);
  // It went home, for it is not ours.
  expect(await hostInterfaces()).toContain("absent-nic");
});

test("a lab file that is wrong is refused with its place, and nothing is started", async () => {
  const file = writeLab("wrong", [ALPHA, { ...BETA, number: "a" }]);
  const { code, stderr } = await mhlab(["up", file]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/wrong\.yaml:\d+:\d+/);
  expect(stderr).toContain("MHLAB_LAB_PREFIX_OVERLAP");
  expect(await containersOf("wrong")).toEqual({});
});

/** What nodes of a lab complain of, for a failure's message. */
function problemsOf({ providers, cpes, internet }: LabStatus): string[] {
  const hosts = cpes.flatMap((cpe) => cpe.hosts);
  return [...providers, ...cpes, ...hosts, ...(internet === undefined ? [] : [internet])].flatMap(
    ({ name, problems }) => problems.map(({ message }) => `${name}: ${message}`),
  );
}
