import { Cpe } from "./cpe.ts";
import { healthy, oneCustomer, providersOf, up } from "./lab.ts";
import { initLinks, type LinkState } from "./machine.ts";
import type { Story } from "./report.ts";
import { holds, same } from "./shell.ts";

export const TRUNK = "trunk";

/** A provider of the trunk's lab, its prefix, and the customer on its link. */
export interface Line {
  readonly provider: string;
  readonly kind: string;
  readonly prefix: string;
  readonly subscriber: string;
  readonly cpe: Cpe;
  /** Shell that puts the customer's `wan0` into its namespace $NS; `trunk` is the namespace with the card's other end. */
  readonly wire: (card: string) => string;
}

const vlan = (provider: string, prefix: string, nic: string, id: number): Line => ({
  provider,
  kind: "vlan",
  prefix,
  subscriber: `{vlan: {parent: ${nic}, id: ${id}}}`,
  cpe: new Cpe(`on-${id}`),
  wire: (card) =>
    `nsenter --net=/run/netns/trunk -- ip link add link ${card} name wan0 netns $NS type vlan id ${id}`,
});

/** Kinds of link that share one card. */
export const trunkLines = (nic: string): Line[] => [
  vlan("beta", "2001:db8:b::/48", nic, 101),
  vlan("gamma", "2001:db8:c::/48", nic, 102),
  {
    provider: "zeta",
    kind: "vlan",
    prefix: "2001:db8:f::/48",
    subscriber: `{vlan: {parent: ${nic}, id: 101, outer: 200}}`,
    cpe: new Cpe("on-200-101"),
    wire: (card) =>
      `in_trunk() { nsenter --net=/run/netns/trunk -- "$@"; }
      in_trunk ip link add link ${card} name stag type vlan proto 802.1ad id 200
      in_trunk ip link set stag up
      in_trunk ip link add link stag name wan0 netns $NS type vlan id 101`,
  },
  {
    provider: "delta",
    kind: "macvlan",
    prefix: "2001:db8:d::/48",
    subscriber: `{macvlan: ${nic}}`,
    cpe: new Cpe("untagged"),
    wire: (card) =>
      `nsenter --net=/run/netns/trunk -- ip link add link ${card} name wan0 address 02:00:00:00:00:d1 netns $NS type macvlan mode bridge`,
  },
];

export const trunkLab = (lines: readonly Line[]): string =>
  [
    `name: ${TRUNK}\ninternet: bundled\nproviders:`,
    ...lines.map(
      ({ provider, prefix, subscriber }) =>
        `  - {name: ${provider}, prefix: "${prefix}", subscriber: ${subscriber}}`,
    ),
    "",
  ].join("\n");

/** Several providers on one card that stays where it is. */
export function trunkStory(file: string, nic: string, lines: readonly Line[]): Story {
  return {
    title: "links of the machine",
    checks: [
      {
        name: "mhlab up serves two VLANs, a VLAN in a VLAN and a macvlan on one card",
        run: async () => {
          await up(file);
          const providers = await healthy(TRUNK, 60_000);
          same(
            "kinds",
            providers.map(({ subscriber }) => subscriber.kind),
            lines.toSorted((one, other) => (one.provider < other.provider ? -1 : 1)).map(({ kind }) => kind),
          );
          same("backends", [...new Set(providers.map(({ uplink }) => uplink.backend))], ["kernel"]);
        },
      },
      {
        name: "the card stays in the init namespace, and nothing shows there but the service tag",
        run: async () => {
          const links = await initLinks();
          const unknown = links.filter((link) => !isOfTheMachine(link));
          const marks = unknown.map(({ ifalias = "" }) => ifalias).sort();
          holds(
            "the card",
            links.some(({ ifname }) => ifname === nic),
            links,
          );
          same("marks", marks, ["mhlab:qinq"]);
        },
      },
      ...lines.map(({ provider, kind, prefix, cpe }) => ({
        name: `${kind}: the CPE ${cpe.name} is delegated a prefix by ${provider} and by nobody else, and its traffic flows`,
        run: async () => {
          cpe.dial();
          const address = await cpe.lanAddress();
          const start = prefix.replace("::/48", ":80");
          holds(`prefix of ${provider}`, address.startsWith(start), address);
          const { linkLocal } = await oneCustomer(TRUNK, provider);
          same("routers that it heard", await cpe.routers(), [linkLocal]);
          await cpe.reaches(address);
        },
      })),
      {
        name: "every provider has one customer",
        run: async () => {
          const providers = await providersOf(TRUNK);
          same(
            "customers",
            providers.map(({ delegations }) => delegations.length),
            lines.map(() => 1),
          );
        },
      },
    ],
  };
}

function isOfTheMachine({ ifname }: LinkState): boolean {
  return /^(lo|e[a-z]+[\da-z]+)$/.test(ifname);
}
