import type { DnsEffects } from "../../model/faults/effects.ts";
import { addressIn, formatIp6 } from "../../model/ip6.ts";
import type { BngConfig } from "./config.ts";

const TABLE = "ip6 mhlab-resolvers";
const FIRST_PORT = 5300;

/** One resolver of a provider, and where its questions are answered in its place. */
export interface Stand {
  readonly resolver: string;
  readonly address: string;
  readonly port: number;
}

/** Where questions are answered, while anything else than the truth is told. */
export function standsOf({ dns, transfer }: BngConfig, effects: DnsEffects): readonly Stand[] {
  if (Object.keys(effects).length === 0) return [];
  const address = formatIp6(addressIn(transfer, 1n));
  return dns.map((resolver, index) => ({ resolver, address, port: FIRST_PORT + index }));
}

/** nftables commands that lead customers' questions there, and nowhere else when there are none. */
export function renderStands({ subscriber }: BngConfig, stands: readonly Stand[]): string {
  const rules = stands.map(
    ({ resolver, address, port }) =>
      `    iifname "${subscriber.interface}" ip6 daddr ${resolver} meta l4proto { tcp, udp } th dport 53 dnat to [${address}]:${port}`,
  );
  const table =
    rules.length === 0
      ? []
      : [
          `table ${TABLE} {`,
          "  chain questions {",
          "    type nat hook prerouting priority dstnat; policy accept;",
          ...rules,
          "  }",
          "}",
        ];
  return [`table ${TABLE} {}`, `delete table ${TABLE}`, ...table, ""].join("\n");
}
