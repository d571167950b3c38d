import { formatPrefix6 } from "../ip6.ts";
import type { SourceValidation } from "../settings/filter.ts";
import type { BngConfig } from "./config.ts";
import { REFUSED_MARK, REFUSED_MASK } from "./refusal-route.ts";

/** Table name of all that the agent loads; replaced whole. */
export const TABLE = "mhlab";
/** The set of (MAC, delegated prefix) pairs that may send. */
export const ALLOWED_SET = "delegated";
export const OFFENDERS_SET = "offenders";
export const SPOOFED_COUNTER = "spoofed";

/** Who sent each refused packet, by that packet's mark. */
const SENDERS_MAP = "senders";
const IS_REFUSED = `meta mark & ${REFUSED_MASK} == ${REFUSED_MARK}`;
const NOT_REFUSED = `meta mark & ${REFUSED_MASK} != ${REFUSED_MARK}`;
/** Also bounds the map: what is refused in its timeout, and until it is swept, fits into its size. */
const LIMIT = "limit rate 100/second burst 20 packets";

/**
 * What the rules count and look up. It is loaded before them, and stays when they change: a set of prefixes that comes in one
 * transaction with its rules is empty for a moment after these are in force, and an honest packet would be refused.
 */
export function renderSourceSets(): string {
  const lines = [
    `table netdev ${TABLE} {`,
    `  counter ${SPOOFED_COUNTER} {}`,
    `  set ${ALLOWED_SET} { type ether_addr . ipv6_addr; flags interval; }`,
    `  set ${OFFENDERS_SET} { type ipv6_addr; size 1024; flags dynamic,timeout; timeout 1h; counter; }`,
    `  map ${SENDERS_MAP} { type mark : ether_addr; size 1024; flags dynamic,timeout; timeout 5s; }`,
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * nftables rules of the subscriber port (BCP 38, RFC 2827): a source must be link-local, of the transfer network, or of the
 * prefix delegated to the MAC that sends it; but who asks for a neighbour (RFC 4861) goes no further than the link. Others
 * are marked, and after routing refused with ICMPv6 type 1 code 5 (RFC 4443). With `reject` each gets a mark of its own,
 * which the error inherits (fwmark_reflect): by it the error is routed to the port (`refusal-route.ts`), and addressed
 * there to the MAC that sent the packet. Replaces the rules that are there in one step; needs `renderSourceSets`.
 */
export function renderSourceValidation(config: BngConfig): string {
  const { sourceValidation: mode } = config;
  const port = config.subscriber.interface;
  const refusing = mode === "reject" || mode === "reject-routed";
  const check =
    mode === "off"
      ? []
      : [
          "    ip6 saddr { ::, fe80::/10 } accept",
          `    ip6 saddr ${formatPrefix6(config.transfer)} accept`,
          // On a LAN of several providers, the question for another one's router comes to all, with a source of that one.
          "    ip6 daddr ff02::1:ff00:0/104 icmpv6 type nd-neighbor-solicit accept",
          `    ether saddr . ip6 saddr @${ALLOWED_SET} accept`,
          `    counter name ${SPOOFED_COUNTER}`,
          `    update @${OFFENDERS_SET} { ip6 saddr }`,
          ...treatments(mode).map((statement) => `    ${statement}`),
        ];
  const refuse = refusing ? [`    ${IS_REFUSED} reject with icmpv6 type policy-fail`] : [];
  const lines = [
    ...emptyChain("netdev", "from_subscriber", `ingress device "${port}" priority -500`),
    ...(mode === "reject"
      ? emptyChain("netdev", "to_subscriber", `egress device "${port}" priority filter`)
      : noChain("netdev", "to_subscriber")),
    ...emptyChain("ip6", "forward", "forward priority filter"),
    ...emptyChain("ip6", "input", "input priority filter"),
    `table netdev ${TABLE} {`,
    "  chain from_subscriber {",
    "    ether type != ip6 drop",
    ...check,
    "  }",
    ...(mode === "reject" ? ANSWERS : []),
    "}",
    `table ip6 ${TABLE} {`,
    "  chain forward {",
    ...refuse,
    "    ip6 daddr fc00::/7 reject with icmpv6 type no-route",
    "  }",
    ...(refusing ? ["  chain input {", ...refuse, "  }"] : []),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function emptyChain(family: "netdev" | "ip6", name: string, hook: string): string[] {
  return [
    `table ${family} ${TABLE} { chain ${name} { type filter hook ${hook}; policy accept; }; }`,
    `flush chain ${family} ${TABLE} ${name}`,
  ];
}

/** Also where there is none: a kernel without the egress hook takes a chain without one. */
function noChain(family: "netdev" | "ip6", name: string): string[] {
  const chain = `chain ${family} ${TABLE} ${name}`;
  return [`add ${chain}`, `flush ${chain}`, `delete ${chain}`];
}

/** What happens to a packet with a wrong source. */
function treatments(mode: Exclude<SourceValidation, "off">): string[] {
  if (mode === "drop") return ["drop"];
  if (mode === "reject-routed") return [`${LIMIT} meta mark set ${REFUSED_MARK} accept`, "drop"];
  const ownMark = `meta mark set numgen inc mod 65536 offset ${REFUSED_MARK}`;
  return [
    // Or the answer would be that its hops are used up.
    "ip6 hoplimit < 2 ip6 hoplimit set 2",
    `${LIMIT} ${ownMark} update @${SENDERS_MAP} { meta mark : ether saddr } accept`,
    "drop",
  ];
}

/** Addresses errors to who sent the refused packet; the mark ends here, a VLAN's parent is the host's. */
const ANSWERS = [
  "  chain to_subscriber {",
  `    ${NOT_REFUSED} accept`,
  `    ether daddr set meta mark map @${SENDERS_MAP} meta mark set 0 accept`,
  "    drop",
  "  }",
];

/** One pair of the allowed set. */
export interface AllowedSource {
  readonly mac: string;
  /** Delegated prefix. */
  readonly prefix: string;
}

/**
 * Commands that make the allowed set what is wanted. What stays is not touched: an element that goes and comes in one
 * transaction is missing for a moment. With `before` undefined nothing is known of the set, and it is replaced whole.
 */
export function renderAllowedSources(
  sources: readonly AllowedSource[],
  before: readonly AllowedSource[] | undefined,
): string {
  const [wanted, present] = [sources, before ?? []].map((list) => new Set(list.map(pairOf))) as [
    Set<string>,
    Set<string>,
  ];
  const lines = [
    ...(before === undefined ? [`flush set netdev ${TABLE} ${ALLOWED_SET}`] : []),
    ...elementCommand(
      "delete",
      [...present].filter((pair) => !wanted.has(pair)),
    ),
    ...elementCommand(
      "add",
      [...wanted].filter((pair) => !present.has(pair)),
    ),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function pairOf({ mac, prefix }: AllowedSource): string {
  return `${mac} . ${prefix}`;
}

function elementCommand(verb: "add" | "delete", pairs: readonly string[]): string[] {
  if (pairs.length === 0) return [];
  return [`${verb} element netdev ${TABLE} ${ALLOWED_SET} { ${pairs.toSorted().join(", ")} }`];
}

/** The counters in `nft -j list table netdev mhlab`. */
export function parseSpoofed(json: string): {
  packets: number;
  sources: { address: string; packets: number }[];
} {
  const document = JSON.parse(json) as { nftables: NftObject[] };
  let packets = 0;
  const sources: { address: string; packets: number }[] = [];
  for (const { counter, set } of document.nftables) {
    if (counter?.name === SPOOFED_COUNTER) packets = counter.packets;
    if (set?.name !== OFFENDERS_SET) continue;
    for (const entry of set.elem ?? []) {
      if (typeof entry === "string") sources.push({ address: entry, packets: 0 });
      else sources.push({ address: entry.elem.val, packets: entry.elem.counter?.packets ?? 0 });
    }
  }
  return { packets, sources: sources.sort((one, other) => other.packets - one.packets) };
}

interface NftObject {
  counter?: { name: string; packets: number };
  set?: { name: string; elem?: (string | { elem: { val: string; counter?: { packets: number } } })[] };
}
