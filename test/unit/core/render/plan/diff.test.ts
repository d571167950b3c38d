import { expect, test } from "vitest";
import { StateError } from "../../../../../src/core/model/errors.ts";
import { toDocument } from "../../../../../src/core/model/document.ts";
import type { Lab } from "../../../../../src/core/model/lab/model.ts";
import { internetConfig } from "../../../../../src/core/render/nodes/containers/internet.ts";
import { documentChanges } from "../../../../../src/core/render/plan/changes.ts";
import { surroundings } from "../../../../../src/core/render/plan/appliance.ts";
import { diffLab } from "../../../../../src/core/render/plan/diff.ts";
import type { Plan } from "../../../../../src/core/render/plan/plan.ts";
import type {
  FoundContainer,
  FoundInternet,
  HeldFiles,
  Observed,
} from "../../../../../src/core/render/nodes/observed.ts";
import { Label } from "../../../../../src/core/model/names.ts";
import { PlanLabel } from "../../../../../src/core/render/nodes/spec.ts";
import { heldOf, IMAGES, keysOf, lab, running, specs, TWO_ISPS } from "../../../support/planned-lab.ts";

const two = lab(TWO_ISPS);
const OWN_ROUTER = `
name: own
internet: bundled
providers:
  - {name: alpha, prefix: 2001:db8:a::/48, subscriber: {bridge: br0}}
`;
const present = new Set(Object.values(IMAGES));

function internetOf(one: Lab): FoundInternet {
  const keys = keysOf(one);
  const publicKeys = new Map([...keys].map(([name, { internet }]) => [name, internet ?? ""]));
  return { config: JSON.stringify(internetConfig(one, surroundings(one, keys))), publicKeys };
}

/** What the containers hold where `one` was brought up, or changed in place to it. */
const heldBy = (one: Lab): Map<string, HeldFiles> => heldOf(specs(one), keysOf(one));

/** What `up` would do for `wanted` where `before` was brought up. */
function plan(
  wanted: Lab,
  before: Lab | undefined,
  over: {
    containers?: FoundContainer[];
    images?: Set<string>;
    internet?: FoundInternet | undefined;
    only?: string[];
    held?: Map<string, HeldFiles>;
    overrides?: Observed["overrides"];
    silent?: ReadonlySet<string>;
    reset?: boolean;
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
      held: over.held ?? (before === undefined ? new Map() : heldBy(before)),
      ...(over.overrides === undefined ? {} : { overrides: over.overrides }),
      ...(over.silent === undefined ? {} : { silent: over.silent }),
    },
    reset: over.reset === true,
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
    overrides: [],
  });
});

test("the first run builds and creates all, the smallest image first", () => {
  expect(steps(plan(two, undefined, { images: new Set(["mhlab/cpe:0"]) }))).toEqual([
    "build mhlab/internet:1: not built yet",
    "build mhlab/bng:1: not built yet",
    "build mhlab/cpe:1: its files changed",
    "create internet: new",
    "create alpha: new",
    "create beta: new",
    "create home: new",
    "create home-host1: new",
  ]);
});

const betaWith = (line: string): Lab =>
  lab(TWO_ISPS.replace("prefix: 2001:db8:b::/48", `prefix: 2001:db8:b::/48\n    ${line}`));

test.each([
  ["source-validation: drop", "update beta: source validation: reject → drop"],
  ["router-advertisement: {lifetime: 15m}", "update beta: router advertisements: lifetime 30m → 15m"],
  [
    "delegation: {preferred: 10m, renew: 1m}",
    "update beta: delegation: preferred 30m → 10m, renew 15m → 1m, rebind 24m → 8m",
    "update home: asks beta again",
  ],
  [
    "dns: [2001:db8:b::53]",
    "update beta: dns: [2001:db8::1] → [2001:db8:b::53]",
    "update home: asks beta again",
  ],
  [
    "delegation: {length: 60}",
    "update home: delegations: those of beta are forgotten",
    "recreate beta: configuration changed: delegation (length 56 → 60)",
  ],
  ["capture: true", "recreate beta: configuration changed: capture (false → true)"],
  [
    "delegation: {length: 60, valid: 1h}\n    source-validation: off",
    "update home: delegations: those of beta are forgotten",
    "recreate beta: configuration changed: delegation (length 56 → 60, valid 4h → 1h), source validation (reject → off)",
  ],
])(
  "%s touches only that provider and who asks it, in place where it can, and says what changed",
  (line, ...expected) => {
    expect(steps(plan(betaWith(line), two))).toEqual(expected);
  },
);

test("what was changed in place before is what the next change is told from", () => {
  const dropping = betaWith("source-validation: drop");
  const held = heldBy(dropping);
  expect(steps(plan(dropping, two, { held }))).toEqual([]);
  expect(steps(plan(two, two, { held }))).toEqual(["update beta: source validation: drop → reject"]);
  expect(steps(plan(betaWith("source-validation: off"), two, { held }))).toEqual([
    "update beta: source validation: drop → off",
  ]);
});

test("a CPE that is stopped, or made anew, is not told to ask again", () => {
  const changed = betaWith("dns: [2001:db8:b::53]");
  const stopped = running(specs(two)).map((one) =>
    one.containerName === "mhlab-two-isps-home" ? { ...one, state: "exited" } : one,
  );
  expect(steps(plan(changed, two, { containers: stopped }))).toEqual([
    "update beta: dns: [2001:db8::1] → [2001:db8:b::53]",
    "start home: stopped",
  ]);
});

test("overrides are kept and named", () => {
  const overrides = new Map([["alpha", { settings: { "router-advertisement.lifetime": "0s" }, faults: [] }]]);
  expect(plan(two, two, { overrides })).toMatchObject({
    steps: [],
    overrides: [{ name: "alpha", override: { settings: { "router-advertisement.lifetime": "0s" } } }],
  });
});

test("a reset recreates all that holds state of before, and keeps the bundled internet", () => {
  const prefixes = [{ prefix: "2001:db8:c::/48", state: "current" as const }];
  const overrides = new Map([["alpha", { settings: {}, faults: [], prefixes }]]);
  const reset = plan(two, two, { overrides, silent: new Set(["beta"]), reset: true });
  expect(steps(reset)).toEqual([
    "recreate alpha: reset: 2001:db8:c::/48 current",
    "recreate beta: reset",
    "recreate home: reset",
    "recreate home-host1: reset",
  ]);
  expect(reset).toMatchObject({ unchanged: ["internet"], overrides: [] });
});

test("a reset keeps the BNG of a user's own device, and empties its override", () => {
  const own = lab(OWN_ROUTER);
  const overrides = new Map([["alpha", { settings: { "router-advertisement.lifetime": "0s" }, faults: [] }]]);
  expect(steps(plan(own, own, { overrides, reset: true }))).toEqual([
    "update alpha: override emptied: router-advertisement.lifetime=0s",
  ]);
  expect(steps(plan(own, own, { silent: new Set(["alpha"]), reset: true }))).toEqual([
    "update alpha: override emptied, if there is one: its agent does not answer",
  ]);
  expect(steps(plan(own, own, { reset: true }))).toEqual([]);
});

test("another prefix is taken in place by the provider, the internet and who asks it", () => {
  const changed = lab(TWO_ISPS.replace("2001:db8:b::", "2001:db8:c::"));
  expect(steps(plan(changed, two))).toEqual([
    "update internet: tunnel changed: beta (prefix 2001:db8:b::/48 → 2001:db8:c::/48, cache 2001:db8:b:7fff::80 → 2001:db8:c:7fff::80)",
    "update beta: prefix: 2001:db8:b::/48 → 2001:db8:c::/48; delegation: prefix 2001:db8:b:8000::/49 → 2001:db8:c:8000::/49",
    "update home: delegations: those of beta are forgotten",
  ]);
});

test("a provider that leaves is removed, one that comes is created, others stay", () => {
  const other = lab(TWO_ISPS.replace("name: beta", "name: gamma"));
  expect(steps(plan(other, two))).toEqual([
    "remove beta: not in the lab file any more",
    "update internet: tunnel added: gamma; tunnel removed: beta",
    "update home: providers: gamma added, beta removed",
    "create gamma: new",
  ]);
});

test("a host more is a port more of its CPE, which stays", () => {
  const more = lab(TWO_ISPS.replace("hosts: 1", "hosts: 2"));
  expect(steps(plan(more, two))).toEqual(["update home: hosts: home-host2 added", "create home-host2: new"]);
  expect(steps(plan(two, more))).toEqual([
    "remove home-host2: not in the lab file any more",
    "update home: hosts: home-host2 removed",
  ]);
});

const wan = (provider: string, more: object = {}): object => ({ provider, link: "x", ...more });

test.each([
  [
    "a probe",
    [wan("a", { probe: "2001:db8::1" })],
    [wan("a", { probe: "2001:db8::2" })],
    "probe a 2001:db8::1 → 2001:db8::2",
  ],
  ["a first probe", [wan("a")], [wan("a", { probe: "2001:db8::1" })], "probe a none → 2001:db8::1"],
  ["a pool", [wan("a", { pool: "p/56" })], [wan("a")], "delegations those of a are forgotten"],
  ["the order", [wan("a"), wan("b")], [wan("b"), wan("a")], "providers in another order"],
  ["a link", [wan("a")], [wan("a", { link: "z" })], "providers a by another link"],
])("%s of a CPE that changes is told", (_, before, after, told) => {
  const document = (wans: object[]) => toDocument({ name: "home", wans });
  const changes = documentChanges("cpe", document(before), document(after));
  expect(changes.map(({ part, words }) => `${part} ${words}`)).toEqual([told]);
  expect(changes.every(({ live }) => live)).toBe(true);
});

test("the network of a router on a shared LAN that changes is told, and taken in place", () => {
  const document = (prefix: string) =>
    toDocument({
      name: "pc",
      link: "lan:mh-street:x",
      routers: [{ provider: "a", address: "fe80::1", prefix }],
    });
  expect(documentChanges("host", document("2001:db8:a::/64"), document("2001:db8:c::/64"))).toEqual([
    { part: "prefix", words: "a 2001:db8:a::/64 → 2001:db8:c::/64", live: true },
  ]);
});

test("a document that cannot be read is reason enough for a new container", () => {
  const held = heldBy(two);
  held.set("alpha", { publicKey: keysOf(two).get("alpha")?.bng, preshared: undefined });
  expect(steps(plan(two, two, { held }))).toEqual(["recreate alpha: its document could not be read"]);
});

test("a new key pair of the far side recreates the provider and updates the internet", () => {
  const found = internetOf(two);
  const stale = new Map([...found.publicKeys, ["alpha", "another"]]);
  expect(steps(plan(two, two, { internet: { config: found.config, publicKeys: stale } }))).toEqual([
    "update internet: tunnel changed: alpha (new key of the internet)",
  ]);
});

test.each([
  ["created", "recreate alpha: left unfinished by an earlier run"],
  ["running", undefined],
  ["restarting", undefined],
  ["paused", "start alpha: paused"],
  ["exited", "start alpha: stopped"],
  ["dead", "recreate alpha: the engine could not remove it before"],
  ["removing", "recreate alpha: the engine could not remove it before"],
])("of a container that is %s: %s", (state, step) => {
  const inState = (from: Lab): FoundContainer[] =>
    running(specs(from)).map((one) =>
      one.containerName === "mhlab-two-isps-alpha" ? { ...one, state } : one,
    );
  expect(steps(plan(two, two, { containers: inState(two) }))).toEqual(step === undefined ? [] : [step]);
  const changed = lab(TWO_ISPS.replace("2001:db8:a::/48", "2001:db8:a::/48\n    source-validation: drop"));
  const change = "source validation: reject → drop";
  expect(steps(plan(changed, two, { containers: inState(two) }))).toEqual([
    step === undefined
      ? `update alpha: ${change}`
      : step.startsWith("recreate")
        ? step
        : `${step.replace("start", "recreate")}, and ${change}`,
  ]);
});

test("a new image recreates its containers and says so", () => {
  const old = running(specs(two, { images: { ...IMAGES, cpe: "mhlab/cpe:0" } }));
  expect(steps(plan(two, two, { containers: old }))).toEqual([
    "recreate home: image mhlab/cpe:0 → mhlab/cpe:1",
    "recreate home-host1: image mhlab/cpe:0 → mhlab/cpe:1",
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

test("a change of what a container is given is told in the engine's words: what came and what went", () => {
  const into = (subscriber: string): Lab => lab(TWO_ISPS.replace("{cpe: home}", subscriber));
  const [before, after] = [into("{veth: w}"), into('{veth: {name: w, into: "netns:cpe"}}')];
  const reason = plan(after, before).steps.find(({ name }) => name === "alpha")?.reason;
  expect(reason).toContain("container options (Binds +/run/netns:/var/run/netns/named:ro,rslave)");
  expect(plan(before, after).steps.find(({ name }) => name === "alpha")?.reason).toContain(
    "(Binds -/run/netns:",
  );

  // Made by a version of mhlab with other bounds, another list of system calls, and no word of what they were.
  const made = running(specs(two)).map((container) => {
    const { [PlanLabel.options]: options = "", ...labels } = container.labels;
    const older = options
      .replace('"Memory":["805306368"]', '"Memory":["1"]')
      .replace(/seccomp=[^"]*/, "seccomp=older");
    return {
      ...container,
      labels: {
        ...labels,
        [Label.configHash]: "0",
        ...(container.labels["io.mhlab.name"] === "alpha" ? { [PlanLabel.options]: older } : {}),
      },
    };
  });
  const again = plan(two, two, { containers: made }).steps;
  expect(again.find(({ name }) => name === "alpha")?.reason).toMatch(
    /^configuration changed: container options \(SecurityOpt -seccomp=older \+seccomp=.{1,40}, Memory 1 → 805306368\)$/,
  );
  expect(again.find(({ name }) => name === "beta")?.reason).toBe("configuration changed: container options");
});
