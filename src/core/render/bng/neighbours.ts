/** Who is heard on the subscriber link, by sets that the kernel keeps: no process listens, nothing is captured. */
import { containsAddress, parseIp6, type Prefix6 } from "../../model/ip6.ts";
import type { Neighbour } from "../../model/status/model.ts";
import type { HeardNeighbour } from "../../model/status/neighbours.ts";
import { nftObjects } from "./nft.ts";

/** Table of the rules that only listen. */
const HEARD_TABLE = "mhlab-heard";
/** How long someone is remembered. */
const REMEMBERED_S = 3600;
const MACS = "macs";
const LINK_LOCALS = "linklocals";
/** What someone sent that tells what he is, the set that notes it, and how the kernel sees it. */
const KINDS = [
  ["router-solicitation", "solicits", "icmpv6 type nd-router-solicit"],
  ["router-advertisement", "advertises", "icmpv6 type nd-router-advert"],
  ["dhcpv6", "dhcpv6", "udp dport 547"],
] as const;

/** Words of `tally` for who was heard. */
export const HEARD_WORDS: readonly string[] = [MACS, LINK_LOCALS, ...KINDS.map(([, name]) => name)].flatMap(
  (name) => ["set", HEARD_TABLE, name],
);

/**
 * nftables rules that note every sender of a multicast or broadcast frame on the subscriber port: whatever is plugged in
 * sends some, and data traffic costs nothing. They come before source validation, which drops what is not IPv6.
 */
export function renderHeard(port: string): string {
  const lines = [
    `table netdev ${HEARD_TABLE} {}`,
    `delete table netdev ${HEARD_TABLE}`,
    `table netdev ${HEARD_TABLE} {`,
    declareSet(MACS, "ether_addr"),
    declareSet(LINK_LOCALS, "ether_addr . ipv6_addr"),
    ...KINDS.map(([, name]) => declareSet(name, "ether_addr")),
    "  chain hear {",
    `    type filter hook ingress device "${port}" priority -510; policy accept;`,
    "    meta pkttype != { broadcast, multicast } accept",
    `    update @${MACS} { ether saddr }`,
    `    ip6 saddr fe80::/10 update @${LINK_LOCALS} { ether saddr . ip6 saddr }`,
    ...KINDS.map(([, name, match]) => `    ${match} update @${name} { ether saddr }`),
    "  }",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function declareSet(name: string, type: string): string {
  return `  set ${name} { type ${type}; size 256; flags dynamic,timeout; timeout ${REMEMBERED_S}s; }`;
}

interface NftSet {
  readonly name: string;
  readonly elem?: readonly { readonly elem?: { readonly val?: unknown; readonly expires?: number } }[];
}

/** Reads the sets of who was heard of what `tally` or `nft -j` prints; latest first. */
export function parseHeard(json: string): Omit<HeardNeighbour, "addresses">[] {
  const nftables = nftObjects<{ set?: NftSet }>(json);
  const elements = (name: string): { mac: string; address: string | null; ageS: number }[] =>
    (nftables.find(({ set }) => set?.name === name)?.set?.elem ?? []).flatMap(({ elem }) => {
      const value = elem?.val;
      const parts = typeof value === "string" ? [value] : ((value as { concat?: string[] })?.concat ?? []);
      const ageS = Math.max(0, REMEMBERED_S - (elem?.expires ?? REMEMBERED_S));
      return parts[0] === undefined ? [] : [{ mac: parts[0], address: parts[1] ?? null, ageS }];
    });
  const linkLocals = elements(LINK_LOCALS).sort((one, other) => one.ageS - other.ageS);
  const senders = KINDS.map(([kind, name]) => [kind, new Set(elements(name).map(({ mac }) => mac))] as const);
  return elements(MACS)
    .sort((one, other) => one.ageS - other.ageS || (one.mac < other.mac ? -1 : 1))
    .map(({ mac, ageS }) => ({
      mac,
      administered: isLocal(mac) ? "local" : "universal",
      linkLocal: linkLocals.find((one) => one.mac === mac)?.address ?? null,
      ageS,
      sent: senders.filter(([, macs]) => macs.has(mac)).map(([kind]) => kind),
    }));
}

/** A neighbour of the kernel's whose MAC it knows. */
export interface NeighbourEntry {
  readonly dst: string;
  readonly lladdr: string;
}

/** Gives each neighbour the addresses of some networks that the kernel knows to be its. */
export function withAddresses<N extends Pick<Neighbour, "mac">>(
  heard: readonly N[],
  entries: readonly NeighbourEntry[],
  networks: readonly Prefix6[],
): (N & Pick<Neighbour, "addresses">)[] {
  const from = (mac: string): string[] =>
    entries
      .filter(({ lladdr, dst }) => lladdr === mac && networks.some((network) => isIn(network, dst)))
      .map(({ dst }) => dst);
  return heard.map((one) => ({ ...one, addresses: from(one.mac).sort() }));
}

function isIn(network: Prefix6, text: string): boolean {
  const address = parseIp6(text);
  return address !== undefined && containsAddress(network, address);
}

/** The second lowest bit of the first byte (IEEE 802). */
function isLocal(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
}
