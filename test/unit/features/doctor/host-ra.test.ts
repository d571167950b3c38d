/** Does the host become a customer of its own lab: what doctor makes of each interface's settings. */
import { expect, test } from "vitest";
import type { Finding } from "../../../../src/core/model/host/finding.ts";
import { parseAcceptsRa } from "../../../../src/core/model/host/accept-ra.ts";
import type { HostFacts } from "../../../../src/core/model/host/facts.ts";
import type { NicManager } from "../../../../src/core/model/host/nic-manager.ts";
import type { HostLink } from "../../../../src/core/model/host/network.ts";
import { hostRaFindings } from "../../../../src/features/doctor/host-ra.ts";
import { linkFindings } from "../../../../src/features/doctor/lab-findings.ts";
import { attachedNodes } from "../../../../src/core/model/lab/attached.ts";
import type { Lab } from "../../../../src/core/model/lab/model.ts";
import type { SubscriberLink } from "../../../../src/core/model/links/registry.ts";

const settings = (scope: string, acceptRa: number, forwarding: number, disabled = 0): string =>
  [
    `${scope}/accept_ra:${acceptRa}`,
    `${scope}/forwarding:${forwarding}`,
    `${scope}/disable_ipv6:${disabled}`,
  ].join("\n");

test.each([
  [settings("br-lab", 1, 0), true],
  [settings("br-lab", 2, 0), true],
  [settings("br-lab", 2, 1), true],
  [settings("br-lab", 2, 2), true],
  [settings("br-lab", 0, 0), false],
  [settings("br-lab", 1, 1), false],
  [settings("br-lab", 1, 2), false],
  [settings("br-lab", 2, 0, 1), false],
])("%j: the kernel accepts advertisements: %s", (text, accepts) => {
  expect(parseAcceptsRa(text)).toEqual(new Map([["br-lab", accepts]]));
});

test("interfaces are told apart, in the order in which grep prints, and one with a dot is one", () => {
  const text = "br.5/accept_ra:1\ndefault/accept_ra:0\nbr.5/forwarding:0\ndefault/forwarding:0\n";
  expect(parseAcceptsRa(text)).toEqual(
    new Map([
      ["br.5", true],
      ["default", false],
    ]),
  );
});

interface Seen {
  readonly acceptsRa: Record<string, boolean>;
  readonly links?: Partial<HostLink>[];
  readonly defaultDevices?: string[];
  readonly managers?: Record<string, NicManager>;
}

function facts({ acceptsRa, links = [], defaultDevices = [], managers = {} }: Seen): HostFacts {
  const network = { links, defaultDevices, sshSessions: [] };
  return {
    network,
    acceptsRa: new Map(Object.entries(acceptsRa)),
    managers: new Map(Object.entries(managers)),
  } as unknown as HostFacts;
}

const lab = (...subscribers: SubscriberLink[]): Lab =>
  ({
    providers: subscribers.map((subscriber, index) => ({ name: `p${index}`, subscriber })),
    hosts: [],
  }) as unknown as Lab;
const found = (seen: Seen, ...subscribers: SubscriberLink[]): Finding[] =>
  hostRaFindings(attachedNodes(lab(...subscribers)), facts(seen));

const BRIDGE: SubscriberLink = { kind: "bridge", bridge: "br-lab" };
const VETH: SubscriberLink = { kind: "veth", peer: "to-alpha" };
const bridge = { ifname: "br-lab", linkinfo: { info_kind: "bridge" } };

test("a bridge of the host that listens is named once for all its providers, with the line that stops it", () => {
  expect(found({ acceptsRa: { "br-lab": true }, links: [bridge] }, BRIDGE, BRIDGE)).toEqual([
    {
      id: "host-ra-br-lab",
      level: "warn",
      message: "the host will take addresses and default routes from the emulated providers by br-lab",
      mend: "sudo sysctl -w net/ipv6/conf/br-lab/accept_ra=0",
    },
  ]);
});

test.each<[string, Partial<Seen> & { address?: object }]>([
  ["a default route", { defaultDevices: ["br-lab"] }],
  ["an address", { address: { family: "inet6", scope: "global", dynamic: true } }],
])("where it has taken %s, that is to be forgotten as well", (_, { address, ...more }) => {
  const link = { ...bridge, addr_info: address === undefined ? [] : [address] } as Partial<HostLink>;
  const [finding] = found({ acceptsRa: { "br-lab": true }, links: [link], ...more }, BRIDGE);
  expect(finding?.message).toContain("the host has taken");
  expect(finding?.mend).toBe(
    "sudo sysctl -w net/ipv6/conf/br-lab/accept_ra=0 && sudo ip -6 addr flush dev br-lab scope global dynamic && sudo ip -6 route flush dev br-lab proto ra",
  );
});

test("a veth that is yet to come has the settings that every new interface gets", () => {
  expect(found({ acceptsRa: { default: true } }, VETH)).toMatchObject([
    { level: "warn", mend: "sudo sysctl -w net/ipv6/conf/to-alpha/accept_ra=0   # once it is there" },
  ]);
  expect(found({ acceptsRa: { default: false } }, VETH)).toEqual([]);
});

test.each<[string, Seen, SubscriberLink]>([
  [
    "a bridge that does not listen",
    { acceptsRa: { "br-lab": false, default: true }, links: [bridge] },
    BRIDGE,
  ],
  [
    "a veth that goes elsewhere",
    { acceptsRa: { default: true } },
    { ...VETH, into: { kind: "netns", name: "cpe" } },
  ],
  ["a LAN, which keeps the host out", { acceptsRa: { default: true } }, { kind: "lan", lan: "street" }],
  ["a NIC, which leaves the host", { acceptsRa: { eth1: true } }, { kind: "claim", interface: "eth1" }],
])("%s is no reason to warn", (_, seen, link) => {
  expect(found(seen, link)).toEqual([]);
});

test.each<[NicManager, string]>([
  ["systemd-networkd", "IPv6AcceptRA=no"],
  ["NetworkManager", "sudo nmcli device modify br-lab ipv6.method link-local"],
])("%s hears advertisements by itself: the kernel's setting does not count", (manager, mend) => {
  const seen = { acceptsRa: { "br-lab": false }, links: [bridge], managers: { "br-lab": manager } };
  const [finding] = found(seen, BRIDGE);
  expect(finding?.message).toContain(`${manager} manages br-lab`);
  expect(finding?.mend).toContain(mend);
});

test("a bridge that is not there is told to be made deaf, and not warned about twice", () => {
  const findings = linkFindings(lab(BRIDGE), facts({ acceptsRa: { default: true } }));
  expect(findings.map(({ id, mend }) => [id, mend])).toEqual([
    [
      "link-p0",
      "sudo ip link add br-lab type bridge && sudo sysctl -w net/ipv6/conf/br-lab/accept_ra=0 && sudo ip link set br-lab up",
    ],
  ]);
});
