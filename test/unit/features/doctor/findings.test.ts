import { expect, test } from "vitest";
import {
  engineFindings,
  imageFindings,
  type EngineFacts,
} from "../../../../src/features/doctor/engine-findings.ts";
import type { Finding } from "../../../../src/core/model/host/finding.ts";
import { parseHostFacts, type HostFacts } from "../../../../src/core/model/host/facts.ts";
import { hostFindings } from "../../../../src/features/doctor/host-findings.ts";
import { linkFindings, lineNeeds, needsOf } from "../../../../src/features/doctor/lab-findings.ts";
import type { Lab } from "../../../../src/core/model/lab/model.ts";
import type { SubscriberLink } from "../../../../src/core/model/links/registry.ts";

const engine: EngineFacts = {
  where: "unix:///var/run/docker.sock",
  version: "26.1.5",
  apiVersion: "1.45",
  operatingSystem: "Debian GNU/Linux 13 (trixie)",
  kernel: "6.12.0",
  architecture: "x86_64",
  rootless: false,
  userns: false,
  clockSkewS: 0.4,
};
const levels = (findings: readonly Finding[]): Record<string, string> =>
  Object.fromEntries(findings.map(({ id, level }) => [id, level]));

test.each([
  [{}, { "engine-kind": "ok", clock: "ok" }],
  [{ rootless: true }, { "engine-kind": "block" }],
  [{ userns: true }, { "engine-kind": "ok" }],
  [{ operatingSystem: "Docker Desktop" }, { "engine-kind": "warn" }],
  [{ kernel: "6.10.14-linuxkit" }, { "engine-kind": "warn" }],
  [{ clockSkewS: -61 }, { clock: "warn" }],
  [{ apiVersion: "1.40" }, { "engine-version": "block" }],
])("an engine with %j", (more, expected) => {
  expect(levels(engineFindings({ ...engine, ...more }))).toMatchObject(expected);
});

test.each([
  [{ bng: "mhlab/bng:1", base: false, registry: undefined, bootstrap: false, ages: [] }, "ok"],
  [{ bng: undefined, base: true, registry: undefined, bootstrap: false, ages: [] }, "ok"],
  [{ bng: undefined, base: false, registry: true as const, bootstrap: false, ages: [] }, "ok"],
  [{ bng: undefined, base: false, registry: "no route", bootstrap: true, ages: [] }, "ok"],
  [{ bng: undefined, base: false, registry: "no route", bootstrap: false, ages: [] }, "block"],
])("images %j", (facts, level) => {
  expect(levels(imageFindings(facts))).toEqual({ "base-image": level });
});

/** What a probe prints, as far as given; a section that is left out did not run. */
function probed(sections: Record<string, string | [string, number]>): HostFacts {
  const text = Object.entries(sections).map(([name, said]) => {
    const [output, code] = typeof said === "string" ? [said, 0] : said;
    return `@@ ${name}\n${output}\n\n@@= ${code}\n`;
  });
  return parseHostFacts(text.join(""));
}

const links = JSON.stringify([
  { ifname: "lo", ifindex: 1, flags: ["LOOPBACK", "UP"], mtu: 65536, addr_info: [] },
  {
    ifname: "eth0",
    ifindex: 2,
    flags: ["UP"],
    mtu: 1500,
    addr_info: [{ family: "inet", local: "192.0.2.5", prefixlen: 24, scope: "global" }],
  },
  { ifname: "eth1", ifindex: 3, flags: [], mtu: 1500, addr_info: [] },
  {
    ifname: "br-lab",
    ifindex: 4,
    flags: ["UP"],
    mtu: 1500,
    linkinfo: { info_kind: "bridge" },
    addr_info: [],
  },
]);
const dropping = JSON.stringify({
  nftables: [{ chain: { family: "ip6", table: "filter", name: "FORWARD", hook: "forward", policy: "drop" } }],
});
const sound = {
  kernel: "6.12.0",
  time: "1700000000",
  disk: "Filesystem 1024-blocks Used Available Capacity Mounted\noverlay 100000000 1 50000000 1% /",
  capabilities: "CapEff:\t0000000000203100",
  enter: "",
  ipv6: "all 0\ndefault 0\nlo 0",
  forwarding: "0",
  neighbours: "1024",
  "bridge-calls": ["cat: no such file", 1] as [string, number],
  ruleset: '{"nftables": []}',
  links,
  routes4: '[{"dst":"default","dev":"eth0"}]',
  routes6: "[]",
  ssh: "",
  processes: "systemd\nsystemd-network\ndockerd",
  networkd: "2 # This is private data. ADMIN_STATE=configured OPER_STATE=routable \n3 ADMIN_STATE=unmanaged ",
  networkmanager: "",
  ...Object.fromEntries(
    ["wireguard", "veth", "bridge", "macvlan", "vlan", "qinq", "netem", "tun"].map((name) => [
      `try-${name}`,
      "",
    ]),
  ),
};

test("a sound host is sound in every respect", () => {
  const facts = probed(sound);
  expect(facts).toMatchObject({
    freeKib: 50_000_000,
    timeS: 1_700_000_000,
    running: ["systemd-networkd"],
    enter: true,
  });
  expect([...facts.managers]).toEqual([["eth0", "systemd-networkd"]]);
  expect(hostFindings(facts, new Set()).filter(({ level }) => level !== "ok")).toEqual([]);
});

test.each<[string, Record<string, string | [string, number]>, Record<string, string>]>([
  [
    "no WireGuard, but TUN",
    { "try-wireguard": ["Error: Unknown device type.", 2] },
    { "kernel-wireguard": "warn" },
  ],
  [
    "neither WireGuard nor TUN",
    { "try-wireguard": ["Error", 2], "try-tun": ["open: No such file", 1] },
    { "kernel-wireguard": "block", "kernel-tun": "warn" },
  ],
  ["a small neighbour table", { neighbours: "512" }, { neighbours: "warn" }],
  ["no veth", { "try-veth": ["Error", 2] }, { "kernel-veth": "block" }],
  [
    "no 802.1Q",
    { "try-vlan": ["Error", 2], "try-qinq": ["Error", 2] },
    { "kernel-vlan": "warn", "kernel-qinq": "warn" },
  ],
  ["IPv6 off", { ipv6: "all 1\ndefault 1\nlo 0" }, { ipv6: "warn" }],
  ["no IPv6 in the kernel", { ipv6: ["cat: no such file", 1] }, { ipv6: "block" }],
  [
    "a namespace that cannot be entered",
    { enter: ["nsenter: Operation not permitted", 1] },
    { "birth-namespace": "block" },
  ],
  ["fewer capabilities", { capabilities: "CapEff:\t0000000000003100" }, { capabilities: "block" }],
  [
    "bridged frames that are dropped",
    { "bridge-calls": "1", ruleset: dropping },
    { "bridge-filter": "warn" },
  ],
  ["bridged frames that pass", { "bridge-calls": "1" }, { "bridge-filter": "ok" }],
  ["rules that cannot be read", { "bridge-calls": "1", legacy: "filter" }, { "bridge-filter": "warn" }],
  ["a full disk", { disk: "x\noverlay 100 99 1 99% /" }, { disk: "warn" }],
  [
    "an interface that a killed BNG left",
    {
      links:
        '[{"ifname":"eth1","ifindex":3,"flags":[],"mtu":1500,"ifalias":"mhlab:nic:alpha;mtu=1400;up=1;addr=192.0.2.9/24"}]',
    },
    { "left-eth1": "warn" },
  ],
])("%s", (_, more, expected) => {
  expect(levels(hostFindings(probed({ ...sound, ...more }), new Set()))).toMatchObject(expected);
});

const missing = (program: string): [string, number] => [`sh: 1: ${program}: not found`, 127];

test("the plain base image tells a part, and nothing that it could not try counts as absent", () => {
  const facts = probed({
    ...sound,
    links: missing("ip"),
    ruleset: missing("nft"),
    ...Object.fromEntries(
      Object.keys(sound)
        .filter((name) => name.startsWith("try-"))
        .map((name) => [name, missing("ip")]),
    ),
  });
  expect(facts.network).toBeUndefined();
  expect(facts.features).toEqual(new Map());
  expect(levels(hostFindings(facts, new Set()))).toMatchObject({ ipv6: "ok", disk: "ok" });
});

const PERFECT = { delayMs: 0, jitterMs: 0, loss: 0, down: undefined, up: undefined };

const labWith = (...subscribers: SubscriberLink[]): Lab =>
  ({
    providers: subscribers.map((subscriber, index) => ({ name: `p${index}`, subscriber, line: PERFECT })),
    hosts: [],
  }) as unknown as Lab;

test("a line needs queues, and netem where it is late", () => {
  const needs = (line: object): unknown =>
    lineNeeds({ preset: undefined, ...PERFECT, ...line }).map(({ name }) => name);
  expect(needs({ loss: 0.5 })).toEqual([]);
  expect(needs({ up: 1_000_000 })).toEqual(["ifb"]);
  expect(needs({ jitterMs: 5 })).toEqual(["ifb", "netem"]);
});

test("what a lab needs blocks where it would only be told otherwise", () => {
  const lab = labWith({ kind: "vlan", parent: "eth1", id: 101 }, { kind: "lan", lan: "street" });
  expect(needsOf(lab)).toEqual(new Set(["vlan", "veth", "bridge"]));
  const facts = probed({ ...sound, "try-vlan": ["Error", 2] });
  expect(levels(hostFindings(facts, needsOf(lab)))).toMatchObject({ "kernel-vlan": "block" });
});

test.each<[SubscriberLink, Record<string, string>]>([
  [
    { kind: "claim", interface: "eth0" },
    { "link-p0": "block", "nic-manager-eth0": "warn" },
  ],
  [
    { kind: "claim", interface: "eth0", force: true },
    { "link-p0": "warn", "nic-manager-eth0": "warn" },
  ],
  [{ kind: "claim", interface: "eth1" }, { "link-p0": "ok" }],
  [{ kind: "claim", interface: "eth9" }, { "link-p0": "warn" }],
  [{ kind: "macvlan", parent: "eth1" }, { "link-p0": "warn" }],
  [{ kind: "vlan", parent: "eth0", id: 1 }, { "link-p0": "ok" }],
  [{ kind: "bridge", bridge: "br-lab" }, { "link-p0": "ok" }],
  [{ kind: "bridge", bridge: "eth1" }, { "link-p0": "block" }],
  [{ kind: "bridge", bridge: "br-none" }, { "link-p0": "warn" }],
  [{ kind: "cpe", cpe: "home" }, {}],
])("a lab with %j", (subscriber, expected) => {
  expect(levels(linkFindings(labWith(subscriber), probed(sound)))).toEqual(expected);
});

test("NetworkManager's word counts where both have one, and each is stopped by its own line", () => {
  const facts = probed({
    ...sound,
    networkmanager: "2 [device] managed=true perm-hw-addr=x \n3 [device] managed=false ",
  });
  const finding = linkFindings(labWith({ kind: "claim", interface: "eth0" }), facts).find(({ id }) =>
    id.startsWith("nic-manager"),
  );
  expect(finding?.mend).toContain("unmanaged-devices=interface-name:eth0");
  const networkd = linkFindings(labWith({ kind: "claim", interface: "eth0" }), probed(sound)).at(-1);
  expect(networkd?.mend).toContain("Unmanaged=yes");
});
