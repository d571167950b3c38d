import { type RaEffects, type Rogue, ROGUE_INTERFACE } from "../../model/faults/effects.ts";
import {
  announcedNetwork,
  announcedOptions,
  announcedRoute,
  announcedServers,
  yes,
} from "./announcements.ts";
import type { BngConfig } from "./config.ts";
import { currentNetwork, networksOf } from "./networks.ts";

export const BIRD_CONTROL_SOCKET = "/run/bird/bird.ctl";
/** Of the second one, see renderFurtherBird. */
export const BIRD_FURTHER_SOCKET = "/run/bird/further.ctl";

/** What BIRD's log says when it sends a router advertisement; `debug { packets }` makes it say so. */
export const RA_SENT = /Sending RA /;

const HEAD = [
  // A router ID is an IPv4-shaped number; there is no IPv4 to take it from.
  "router id 192.0.2.1;",
  "protocol device { scan time 60; }",
];

/** As often as BIRD can: who comes new hears it soon. */
const ROGUE_INTERVAL_S = 4;

/**
 * BIRD's configuration of a BNG at a moment in seconds since 1970: router advertisements on the subscriber link (RFC 4861,
 * 4191, 8106, 8781, 8801, 8910), with what faults change of them. A provider without a prefix is no default router.
 */
export function renderBird(config: BngConfig, nowS: number, faults: RaEffects = {}): string {
  const split = faults.split === true;
  const announced = [
    ...router(config),
    // With 0 BIRD leaves the option out.
    split ? "link mtu 0;" : linkMtu(config, faults),
    `default lifetime ${lifetimeS(config, faults)};`,
    `default preference ${config.ra.preference};`,
    // Whatever was announced before: what is announced now has its own lifetimes, and what goes is told of as its state says.
    "prefix linger time 0;",
    ...networksOf(config).flatMap((network) => announcedNetwork(network, config, nowS, faults)),
    // Of an address that comes before its block, or goes after it, nothing is said.
    "prefix ::/0 { skip; };",
    ...(split ? [] : announcedServers(config)),
    ...announcedOptions(config),
  ];
  const lines = [
    "log stderr all;",
    ...HEAD,
    // What customers are told of, and no route of this machine. Here also without any: a protocol that gets or loses its
    // table starts anew, and would say good-bye.
    "ipv6 table announced;",
    "protocol static {",
    "  ipv6 { table announced; };",
    ...config.advertised.routes.map((route) => `  ${announcedRoute(route)}`),
    "}",
    ...protocol("radv", config.subscriber.interface, announced, [
      "ipv6 { table announced; export all; };",
      "propagate routes yes;",
    ]),
    ...(faults.rogue === undefined ? [] : rogueProtocol(faults.rogue)),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * The configuration of a second BIRD, which advertises what the first one leaves out while a fault splits it; undefined when
 * none does. One BIRD has no two of these protocols on an interface.
 */
export function renderFurtherBird(config: BngConfig, faults: RaEffects): string | undefined {
  if (faults.split !== true) return undefined;
  const lines = [
    "log stderr { warning, error, fatal, bug };",
    ...HEAD,
    ...protocol("radv", config.subscriber.interface, [
      ...router(config),
      linkMtu(config, faults),
      `default lifetime ${lifetimeS(config, faults)};`,
      `default preference ${config.ra.preference};`,
      "prefix ::/0 { skip; };",
      ...announcedServers(config),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

function protocol(
  name: string,
  port: string,
  lines: readonly string[],
  channels: readonly string[] = [],
): string[] {
  return [
    `protocol ${name} {`,
    "  debug { packets };",
    ...channels.map((line) => `  ${line}`),
    `  interface "${port}" {`,
    ...lines.map((line) => `    ${line}`),
    "  };",
    "}",
  ];
}

function lifetimeS(config: BngConfig, faults: RaEffects): number {
  return faults.lifetimeS ?? (currentNetwork(config) === undefined ? 0 : config.ra.lifetimeS);
}

function router({ ra }: BngConfig): string[] {
  return [
    ...pace(ra.intervalS, ra.solicited === "unicast"),
    `managed ${yes(ra.managed)};`,
    `other config ${yes(ra.other)};`,
  ];
}

function linkMtu({ ra, wireguard }: BngConfig, faults: RaEffects): string {
  return `link mtu ${faults.mtu ?? ra.mtu ?? wireguard.mtu};`;
}

function pace(intervalS: number, unicast: boolean): string[] {
  const minimum = Math.max(3, Math.floor(intervalS / 3));
  return [
    `max ra interval ${intervalS};`,
    `min ra interval ${Math.min(minimum, Math.floor(intervalS * 0.75))};`,
    // A CPE that asks just after an advertisement waits no longer than this; BIRD's own default is 3 s.
    "min delay 1;",
    // Each who asks is answered; an advertisement to all would wait for the last one's three seconds (RFC 4861 6.2.6).
    `solicited ra unicast ${yes(unicast)};`,
  ];
}

/** BIRD tells the prefixes of the port's addresses, with its own lifetimes. */
function rogueProtocol({ lifetimeS: lifetime, preference }: Rogue): string[] {
  return protocol("radv rogue", ROGUE_INTERFACE, [
    ...pace(ROGUE_INTERVAL_S, true),
    `default lifetime ${lifetime};`,
    `default preference ${preference};`,
  ]);
}
