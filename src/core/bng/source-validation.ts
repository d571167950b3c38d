import { formatPrefix6 } from "../ip6.ts";
import type { BngConfig } from "./config.ts";

/** Table name of all that the agent loads; replaced whole. */
export const TABLE = "mhlab";
/** The set of (MAC, delegated prefix) pairs that may send. */
export const ALLOWED_SET = "delegated";
export const OFFENDERS_SET = "offenders";
export const SPOOFED_COUNTER = "spoofed";

/** Packets that `reject-routed` refuses after routing carry this mark from the port to the forward hook. */
const SPOOFED_MARK = "0x5afe";

/**
 * nftables rules of the subscriber port (BCP 38, RFC 2827): a source must be link-local, of the transfer network, or of the
 * prefix delegated to the MAC that sends it. `reject` answers on the wire with ICMPv6 type 1 code 5 (RFC 4443).
 */
export function renderSourceValidation(config: BngConfig): string {
  const port = config.subscriber.interface;
  const verdicts = {
    reject: ["limit rate 100/second burst 20 packets reject with icmpv6 type policy-fail", "drop"],
    "reject-routed": [`meta mark set ${SPOOFED_MARK} accept`],
    drop: ["drop"],
    off: ["accept"],
  }[config.sourceValidation];
  const routed = config.sourceValidation === "reject-routed";
  const check =
    config.sourceValidation === "off"
      ? []
      : [
          "    ip6 saddr { ::, fe80::/10 } accept",
          `    ip6 saddr ${formatPrefix6(config.transfer)} accept`,
          `    ether saddr . ip6 saddr @${ALLOWED_SET} accept`,
          `    counter name ${SPOOFED_COUNTER}`,
          `    update @${OFFENDERS_SET} { ip6 saddr }`,
          ...verdicts.map((verdict) => `    ${verdict}`),
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
    "  chain from_subscriber {",
    `    type filter hook ingress device "${port}" priority -500; policy accept;`,
    "    ether type != ip6 drop",
    ...check,
    "  }",
    "}",
    `table ip6 ${TABLE} {`,
    "  chain forward {",
    "    type filter hook forward priority filter; policy accept;",
    ...(routed ? [`    meta mark ${SPOOFED_MARK} reject with icmpv6 type policy-fail`] : []),
    "    ip6 daddr fc00::/7 reject with icmpv6 type no-route",
    "  }",
    ...(routed
      ? [
          "  chain input {",
          "    type filter hook input priority filter; policy accept;",
          `    meta mark ${SPOOFED_MARK} reject with icmpv6 type policy-fail`,
          "  }",
        ]
      : []),
    "}",
  ];
  return `${lines.join("\n")}\n`;
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
