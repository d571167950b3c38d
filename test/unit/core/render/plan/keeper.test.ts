/** The container that brings interfaces home from killed BNGs: when a lab has one, what it may do, and when it changes. */
import { expect, test } from "vitest";
import { SECCOMP_PROFILE } from "../../../../../src/core/render/confinement/seccomp.ts";
import { containerBody } from "../../../../../src/core/render/plan/body.ts";
import { diffLab } from "../../../../../src/core/render/plan/diff.ts";
import { labContainersOf } from "../../../../../src/core/render/plan/labels.ts";
import { PlanLabel, type ContainerSpec } from "../../../../../src/core/render/nodes/spec.ts";
import { assembleStatus } from "../../../../../src/core/judge/health/assemble.ts";
import { IMAGES, heldOf, keysOf, lab, running, specs, TWO_ISPS } from "../../../support/planned-lab.ts";

const withLinks = (alpha: string, beta: string): string => `
name: cards
providers:
${[
  ["alpha", "a", alpha],
  ["beta", "b", beta],
]
  .map(
    ([name, number, link]) => `  - name: ${name}
    prefix: 2001:db8:${number}::/48
    wireguard: {endpoint: "192.0.2.42:51820", peer: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, address: 2001:db8:0:${number}::2/64}
    subscriber: ${link}
`,
  )
  .join("")}`;

const both = lab(withLinks("{interface: enp2s0}", "{interface: enp3s0}"));
const one = lab(withLinks("{interface: enp2s0}", "{macvlan: enp3s0}"));
const none = lab(withLinks("{vlan: {parent: enp2s0, id: 7}}", "{macvlan: enp3s0}"));

const keeperOf = (of: ReturnType<typeof lab>): ContainerSpec | undefined =>
  specs(of).find(({ role }) => role === "keeper");

/** What `up` would do for `wanted` where `before` runs. */
const steps = (wanted: ReturnType<typeof lab>, before?: ReturnType<typeof lab>): string[] =>
  diffLab({
    lab: wanted.name,
    desired: specs(wanted),
    keys: keysOf(wanted),
    observed: {
      containers: before === undefined ? [] : running(specs(before)),
      images: new Set(Object.values(IMAGES)),
      internet: undefined,
      held: before === undefined ? new Map() : heldOf(specs(before), keysOf(before)),
    },
  }).steps.map(({ action, name, reason }) => `${action} ${name}: ${reason}`);

test("a lab that takes interfaces has one keeper, which knows each; a lab that takes none has no further container", () => {
  expect(specs(both).map(({ role }) => role)).toEqual(["bng", "bng", "keeper"]);
  expect(keeperOf(both)).toMatchObject({ containerName: "mhlab-cards-keeper", image: IMAGES.bng });
  expect(keeperOf(both)?.document).toEqual({
    name: "keeper",
    lent: ["alpha/enp2s0/claim", "beta/enp3s0/claim"],
  });
  expect(keeperOf(one)?.document?.["lent"]).toHaveLength(1);
  expect(keeperOf(none)).toBeUndefined();
  expect(keeperOf(lab(TWO_ISPS))).toBeUndefined();
});

test("down learns from the keeper what killed and removed BNGs held", () => {
  expect(keeperOf(both)?.labels[PlanLabel.hostLink]).toBe("alpha/enp2s0/claim beta/enp3s0/claim");
});

test("it may enter the host's network and change interfaces there, and nothing else", () => {
  const { HostConfig } = containerBody(keeperOf(both) ?? ({} as ContainerSpec));
  expect(HostConfig).toMatchObject({
    NetworkMode: "none",
    CapDrop: ["ALL"],
    CapAdd: ["NET_ADMIN", "SYS_ADMIN", "SETPCAP", "SETUID", "SETGID", "KILL"],
    Devices: [],
    Sysctls: {},
    Binds: ["/proc/1/ns/net:/var/run/netns/host"],
    SecurityOpt: ["no-new-privileges", `seccomp=${SECCOMP_PROFILE}`],
    ReadonlyRootfs: true,
    RestartPolicy: { Name: "always" },
  });
});

test("it comes and goes with the first and the last interface, and the plan says why", () => {
  expect(steps(both)).toContain("create keeper: new");
  expect(steps(both, both)).toEqual([]);
  expect(steps(one, both)).toEqual([
    "recreate beta: configuration changed: subscriber ({interface: enp3s0} → {macvlan: enp3s0})",
    "recreate keeper: configuration changed: subscriber",
  ]);
  expect(steps(none, one)).toEqual([
    "remove keeper: not in the lab file any more",
    "recreate alpha: configuration changed: subscriber ({interface: enp2s0} → {vlan: {parent: enp2s0, id: 7}})",
  ]);
});

test("the image that it shares is built as the BNG's", () => {
  const { steps: first } = diffLab({
    lab: both.name,
    desired: specs(both),
    keys: keysOf(both),
    observed: { containers: [], images: new Set(), internet: undefined },
  });
  expect(first[0]).toMatchObject({ action: "build", name: IMAGES.bng, role: "bng" });
});

test("it has no part in the lab's status", () => {
  const answers = labContainersOf(running(specs(both), "exited")).map((container) => ({ container }));
  expect(answers.map(({ container }) => container.role)).toContain("keeper");
  expect(assembleStatus("cards", answers)).toEqual(
    assembleStatus(
      "cards",
      answers.filter(({ container }) => container.role !== "keeper"),
    ),
  );
});

test("one that brings a link into a container sees the engine's namespaces and records, read-only, and no other does", () => {
  const carried = lab(withLinks("{veth: {name: wan0, into: 'container:openwrt'}}", "{macvlan: enp3s0}"));
  const keeper = specs(carried, { engineFolders: new Map([["keeper", "/data"]]) }).find(
    ({ role }) => role === "keeper",
  );
  expect(keeper?.document).toEqual({ name: "keeper", carried: ["alpha/sub0/veth:wan0:container:openwrt"] });
  expect(keeper?.labels).not.toHaveProperty(PlanLabel.hostLink);
  expect(containerBody(keeper ?? ({} as ContainerSpec)).HostConfig.Binds).toEqual([
    "/proc/1/ns/net:/var/run/netns/host",
    "/run/docker/netns:/var/run/netns/containers:ro,rslave",
    "/data/containers:/var/lib/mhlab-engine:ro",
  ]);
  const seeing = specs(both, { engineFolders: new Map([["keeper", "/data"]]) }).filter(
    ({ binds }) => binds.length > 0,
  );
  expect(seeing).toEqual([]);
  // Where nobody says where the engine keeps its data, as in an export, there is nothing that it could do.
  expect(keeperOf(carried)).toBeUndefined();
});
