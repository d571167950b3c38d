/** Which on-link addresses can be reached: a packet to one that nobody has costs a neighbour entry of the whole machine (RFC 6583). */
import { addressIn, formatIp6, formatPrefix6 } from "../../model/ip6.ts";
import type { BngConfig } from "./config.ts";
import { liveNetworks } from "./networks.ts";
import { FLOODERS_SET, HEARD, LEASED, TABLE, UNASSIGNED_COUNTER } from "./source-sets.ts";

/**
 * Rules of the chain `reach`, which drops packets to on-link addresses that nobody was assigned or used. What was not heard for
 * two minutes is limited, because it may be gone. `off` lets some packets to the others pass.
 */
export function reachRules(config: BngConfig): string[] {
  const routers = liveNetworks(config).flatMap(({ transfer }) => [
    addressIn(transfer, 0n),
    addressIn(transfer, 1n),
  ]);
  return [
    `    ip6 daddr { ${[config.wireguard.address, ...routers].map(formatIp6).join(", ")} } return`,
    `    ip6 daddr @${LEASED.taken} return`,
    `    ip6 daddr @${HEARD.used} return`,
    `    ip6 daddr @${HEARD.known} limit rate 20/second burst 50 packets return`,
    ...(config.sourceValidation === "off" ? ["    limit rate 10/second burst 50 packets return"] : []),
    ...dropping(UNASSIGNED_COUNTER),
  ];
}

/** Rules that check whether the destination of a packet can be reached. */
export function reachChecks(config: BngConfig): string[] {
  return liveNetworks(config).map(({ transfer }) => `    ip6 daddr ${formatPrefix6(transfer)} jump reach`);
}

/** Rules of the chain `claim`: whoever gets no answer to duplicate address detection has the address (RFC 4862 5.4). */
export const CLAIM_RULES: readonly string[] = [
  `    update @${HEARD.claimants} { ether saddr limit rate over 4/minute burst 16 packets } return`,
  "    limit rate over 10/second burst 100 packets return",
  `    update @${HEARD.known} { icmpv6 taddr }`,
];

/** Counts a packet and its sender, and drops it; in rules of their own, because a full set ends a rule. */
export function dropping(counter: string): string[] {
  return [`    counter name ${counter}`, `    update @${FLOODERS_SET} { ether saddr }`, "    drop"];
}

/** The rules for what comes by the tunnel, which end with its device; they need those of the port. */
export function renderTunnelGuard(config: BngConfig): string {
  const chain = `chain netdev ${TABLE} from_tunnel`;
  const hook = `type filter hook ingress device "${config.wireguard.interface}" priority -500; policy accept;`;
  const lines = [
    `add ${chain}`,
    `flush ${chain}`,
    `delete ${chain}`,
    `table netdev ${TABLE} {`,
    `  chain from_tunnel { ${hook}`,
    ...reachChecks(config),
    "  }",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}
