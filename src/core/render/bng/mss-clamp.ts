import type { BngConfig } from "./config.ts";

/** Table name of the clamp; apart from that of source validation, because each is replaced whole. */
const CLAMP_TABLE = "mhlab-clamp";
/** IPv6 and TCP header without options (RFC 8200, RFC 9293). */
const HEADERS = 60;

/**
 * nftables rules that lower the MSS of every SYN to what the tunnel carries, in both directions: `rt mtu` would reach
 * only those that leave by it. The kernel never raises a value. Empties the table when clamping is off.
 */
export function renderMssClamp({ wireguard }: BngConfig): string {
  const clamp = (direction: string): string =>
    `    ${direction} "${wireguard.interface}" tcp flags & (syn | rst) == syn tcp option maxseg size set ${wireguard.mtu - HEADERS}`;
  const table = [
    `table ip6 ${CLAMP_TABLE} {`,
    "  chain forward {",
    "    type filter hook forward priority mangle; policy accept;",
    clamp("oifname"),
    clamp("iifname"),
    "  }",
    "}",
  ];
  const lines = [
    `table ip6 ${CLAMP_TABLE} {}`,
    `delete table ip6 ${CLAMP_TABLE}`,
    ...(wireguard.clampMss ? table : []),
  ];
  return `${lines.join("\n")}\n`;
}
