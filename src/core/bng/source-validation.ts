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
 * nftables rules of the subscriber port (BCP 38, RFC 2827): a source must be link-local, of the transfer network, or of the
 * prefix delegated to the MAC that sends it; but who asks for a neighbour (RFC 4861) goes no further than the link. Others
 * are marked, and after routing refused with ICMPv6 type 1 code 5 (RFC 4443). With `reject` each gets a mark of its own,
 * which the error inherits (fwmark_reflect): by it the error is routed to the port (`refusal-route.ts`), and addressed
 * there to the MAC that sent the packet.
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
  const lines = [
    `table netdev ${TABLE} {}`,
    `delete table netdev ${TABLE}`,
    `table ip6 ${TABLE} {}`,
    `delete table ip6 ${TABLE}`,
    `table netdev ${TABLE} {`,
    `  counter ${SPOOFED_COUNTER} {}`,
    `  set ${ALLOWED_SET} { type ether_addr . ipv6_addr; flags interval; }`,
    `  set ${OFFENDERS_SET} { type ipv6_addr; size 1024; flags dynamic,timeout; timeout 1h; counter; }`,
    ...(mode === "reject"
      ? [`  map ${SENDERS_MAP} { type mark : ether_addr; size 1024; flags dynamic,timeout; timeout 5s; }`]
      : []),
    "  chain from_subscriber {",
    `    type filter hook ingress device "${port}" priority -500; policy accept;`,
    "    ether type != ip6 drop",
    ...check,
    "  }",
    ...(mode === "reject" ? answerChain(port) : []),
    "}",
    `table ip6 ${TABLE} {`,
    "  chain forward {",
    "    type filter hook forward priority filter; policy accept;",
    ...(refusing ? [`    ${IS_REFUSED} reject with icmpv6 type policy-fail`] : []),
    "    ip6 daddr fc00::/7 reject with icmpv6 type no-route",
    "  }",
    ...(refusing
      ? [
          "  chain input {",
          "    type filter hook input priority filter; policy accept;",
          `    ${IS_REFUSED} reject with icmpv6 type policy-fail`,
          "  }",
        ]
      : []),
    "}",
  ];
  return `${lines.join("\n")}\n`;
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
function answerChain(port: string): string[] {
  return [
    "  chain to_subscriber {",
    `    type filter hook egress device "${port}" priority filter; policy accept;`,
    `    ${NOT_REFUSED} accept`,
    `    ether daddr set meta mark map @${SENDERS_MAP} meta mark set 0 accept`,
    "    drop",
    "  }",
  ];
}

/** One pair of the allowed set. */
export interface AllowedSource {
  readonly mac: string;
  /** Delegated prefix. */
  readonly prefix: string;
}

/** Commands that replace the elements of the allowed set in one transaction. */
export function renderAllowedSources(sources: readonly AllowedSource[]): string {
  const lines = [`flush set netdev ${TABLE} ${ALLOWED_SET}`];
  if (sources.length > 0) {
    const elements = sources.map(({ mac, prefix }) => `${mac} . ${prefix}`).sort();
    lines.push(`add element netdev ${TABLE} ${ALLOWED_SET} { ${elements.join(", ")} }`);
  }
  return `${lines.join("\n")}\n`;
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
