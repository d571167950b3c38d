import { expect, test } from "vitest";
import { StateError } from "../../../src/core/errors.ts";
import type { Lab } from "../../../src/core/lab/model.ts";
import { internetConfig } from "../../../src/core/members/containers/internet.ts";
import { surroundings } from "../../../src/core/plan/appliance.ts";
import { diffLab, type Plan } from "../../../src/core/plan/diff.ts";
import type { FoundContainer, FoundInternet } from "../../../src/core/plan/observed.ts";
import { IMAGES, keysOf, lab, running, specs, TWO_ISPS } from "./lab.ts";

const two = lab(TWO_ISPS);
const present = new Set(Object.values(IMAGES));

function internetOf(one: Lab): FoundInternet {
  const keys = keysOf(one);
  const publicKeys = new Map([...keys].map(([name, { internet }]) => [name, internet ?? ""]));
  return { config: JSON.stringify(internetConfig(one, surroundings(one, keys))), publicKeys };
}

/** What `up` would do for `wanted` where `before` was brought up. */
function plan(
  wanted: Lab,
  before: Lab | undefined,
  over: {
    containers?: FoundContainer[];
    images?: Set<string>;
    internet?: FoundInternet | undefined;
    only?: string[];
  } = {},
): Plan {
  return diffLab({
    lab: wanted.name,
    desired: specs(wanted),
    keys: keysOf(wanted),
    observed: {
      containers: over.containers ?? (before === undefined ? [] : running(specs(before))),
      images: over.images ?? present,
      internet: "internet" in over ? over.internet : before === undefined ? undefined : internetOf(before),
    },
    ...(over.only === undefined ? {} : { only: over.only }),
  });
}
const steps = (one: Plan): string[] =>
  one.steps.map(({ action, name, reason }) => `${action} ${name}: ${reason}`);

test("a second run changes nothing", () => {
  expect(plan(two, two)).toEqual({
    lab: "two-isps",
    steps: [],
    unchanged: ["internet", "alpha", "beta", "home", "home-host1"],
  });
});

test("the first run builds and creates all, the BNG's image first", () => {
  expect(steps(plan(two, undefined, { images: new Set(["mhlab/cpe:0"]) }))).toEqual([
    "build mhlab/bng:1: not built yet",
    "build mhlab/internet:1: not built yet",
    "build mhlab/cpe:1: its files changed",
    "create internet: new",
    "create alpha: new",
    "create beta: new",
    "create home: new",
    "create home-host1: new",
  ]);
});

test.each([
  ["delegation", "delegation: {length: 60}"],
  ["dns", "dns: [2001:db8:b::53]"],
  ["source validation", "source-validation: drop"],
])("changing one provider's %s touches only that one, and says what changed", (part, line) => {
  const changed = lab(TWO_ISPS.replace("prefix: 2001:db8:b::/48", `prefix: 2001:db8:b::/48\n    ${line}`));
  expect(steps(plan(changed, two))).toEqual([`recreate beta: configuration changed: ${part}`]);
});

test("another prefix changes the provider and updates the internet in place", () => {
  const changed = lab(TWO_ISPS.replace("2001:db8:b::", "2001:db8:c::"));
  const [update, recreate, ...rest] = steps(plan(changed, two));
  expect(update).toBe("update internet: tunnel changed: beta");
  expect(recreate).toMatch(/^recreate beta: configuration changed: .*prefix/);
  expect(rest).toEqual([]);
});

test("a provider that leaves is removed, one that comes is created, others stay", () => {
  const other = lab(TWO_ISPS.replace("name: beta", "name: gamma"));
  expect(steps(plan(other, two))).toEqual([
    "remove beta: not in the lab file any more",
    "update internet: tunnel added: gamma; tunnel removed: beta",
    "recreate home: configuration changed: providers of the CPE",
    "create gamma: new",
  ]);
});

test("a new key pair of the far side recreates the provider and updates the internet", () => {
  const found = internetOf(two);
  const stale = new Map([...found.publicKeys, ["alpha", "another"]]);
  expect(steps(plan(two, two, { internet: { config: found.config, publicKeys: stale } }))).toEqual([
    "update internet: tunnel changed: alpha",
  ]);
});

test("a stopped container is started, an unfinished one made anew", () => {
  const made = running(specs(two));
  const state = (name: string, to: string): FoundContainer[] =>
    made.map((one) => (one.containerName === `mhlab-two-isps-${name}` ? { ...one, state: to } : one));
  expect(steps(plan(two, two, { containers: state("alpha", "exited") }))).toEqual(["start alpha: stopped"]);
  expect(steps(plan(two, two, { containers: state("alpha", "created") }))).toEqual([
    "recreate alpha: left unfinished by an earlier run",
  ]);
});

test("a new image recreates its containers and says so", () => {
  const old = running(specs(two, { images: { ...IMAGES, cpe: "mhlab/cpe:0" } }));
  expect(steps(plan(two, two, { containers: old }))).toEqual([
    "recreate home: image changed",
    "recreate home-host1: image changed",
  ]);
});

test("an unmarked container of a needed name is refused, never touched", () => {
  const foreign = {
    id: "x",
    containerName: "mhlab-two-isps-alpha",
    image: "nginx",
    state: "running",
    labels: {},
  };
  expect(() => plan(two, undefined, { containers: [foreign] })).toThrow(StateError);
  expect(() => plan(two, undefined, { containers: [{ ...foreign, containerName: "other" }] })).not.toThrow();
});

test("--provider leaves other providers alone and removes nothing", () => {
  expect(steps(plan(two, undefined, { only: ["alpha"] }))).toEqual([
    "create internet: new",
    "create alpha: new",
    "create home: new",
    "create home-host1: new",
  ]);
  const other = lab(TWO_ISPS.replace("name: beta", "name: gamma"));
  expect(steps(plan(other, two, { only: ["alpha"] })).some((step) => step.startsWith("remove"))).toBe(false);
});
