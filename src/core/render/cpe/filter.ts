import type { Delegation } from "./delegations.ts";

/**
 * The CPE's packet filter. A source on the LAN that belongs to no usable WAN is answered with ICMPv6 type 1 code 5, to the
 * sender's own MAC address (RFC 7084 L-14); neither does the CPE carry packets from one provider to another. Hosts stay
 * reachable from outside: this is a lab, there is no stateful firewall (RFC 6092). Local addresses stay inside (ULA-4), unless a
 * provider delegates from them.
 */
export function renderFilter(lan: string, delegations: readonly Delegation[]): string {
  const sources = delegations.filter(({ active }) => active).map(({ prefix }) => prefix);
  const local = sources.some((prefix) => /^f[cd]/.test(prefix));
  const accepted = ["fe80::/10", "::/128", ...sources].join(", ");
  return [
    "table netdev mhlab",
    "delete table netdev mhlab",
    "table ip6 mhlab",
    "delete table ip6 mhlab",
    "table netdev mhlab {",
    "  chain ingress {",
    `    type filter hook ingress device "${lan}" priority 0; policy accept;`,
    "    ether type != ip6 accept",
    // Most packets pass here. A look at the routes costs ten times as much, so it comes last.
    `    ip6 saddr { ${accepted} } accept`,
    "    ip6 daddr { fe80::/10, ff00::/8 } accept",
    "    fib daddr type local accept",
    "    counter reject with icmpv6 type policy-fail",
    "  }",
    "}",
    "table ip6 mhlab {",
    "  chain forward {",
    "    type filter hook forward priority 0; policy accept;",
    '    iifname "wan*" oifname "wan*" counter drop',
    ...(local
      ? []
      : [
          '    oifname "wan*" ip6 daddr fc00::/7 counter reject with icmpv6 type no-route',
          '    oifname "wan*" ip6 saddr fc00::/7 counter drop',
        ]),
    "  }",
    "  chain input {",
    "    type filter hook input priority 0; policy accept;",
    `    iifname "${lan}" icmpv6 type nd-router-advert drop`,
    "  }",
    "}",
    "",
  ].join("\n");
}
