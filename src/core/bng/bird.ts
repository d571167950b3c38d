import type { RaEffects } from "../faults/effects.ts";
import { formatPrefix6 } from "../ip6.ts";
import type { BngConfig } from "./config.ts";

export const BIRD_CONTROL_SOCKET = "/run/bird/bird.ctl";

/** What BIRD's log says when it sends a router advertisement; `debug { packets }` makes it say so. */
export const RA_SENT = /Sending RA /;

/** BIRD's configuration of a BNG: router advertisements on the subscriber link (RFC 4861, 4191, 8106), with what faults change of them. */
export function renderBird(config: BngConfig, faults: RaEffects = {}): string {
  const { ra, lifetimes } = config;
  const minimum = Math.max(3, Math.floor(ra.intervalS / 3));
  const lines = [
    "log stderr all;",
    // A router ID is an IPv4-shaped number; there is no IPv4 to take it from.
    "router id 192.0.2.1;",
    "protocol device { scan time 10; }",
    "protocol radv {",
    "  debug { packets };",
    `  interface "${config.subscriber.interface}" {`,
    `    max ra interval ${ra.intervalS};`,
    `    min ra interval ${Math.min(minimum, Math.floor(ra.intervalS * 0.75))};`,
    // A CPE that asks just after an advertisement waits no longer than this; BIRD's own default is 3 s.
    "    min delay 1;",
    // Each who asks is answered; an advertisement to all would wait for the last one's three seconds (RFC 4861 6.2.6).
    "    solicited ra unicast yes;",
    `    managed ${yes(ra.managed)};`,
    `    other config ${yes(ra.other)};`,
    `    link mtu ${faults.mtu ?? ra.mtu ?? config.wireguard.mtu};`,
    `    default lifetime ${faults.lifetimeS ?? ra.lifetimeS};`,
    `    default preference ${ra.preference};`,
    `    prefix ${formatPrefix6(config.transfer)} {`,
    "      onlink yes;",
    "      autonomous yes;",
    `      preferred lifetime ${lifetimes.preferredS};`,
    `      valid lifetime ${lifetimes.validS};`,
    "    };",
    ...config.dns.map((server) => `    rdnss ${server};`),
    ...config.dnsSearch.map((domain) => `    dnssl "${domain}";`),
    "  };",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function yes(value: boolean): string {
  return value ? "yes" : "no";
}
