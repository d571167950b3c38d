import type { RaEffects } from "../faults/effects.ts";
import { formatPrefix6 } from "../ip6.ts";
import { LONGEST_PREF64_S, type AdvertisedRoute } from "../settings/advertised.ts";
import type { BngConfig, Network } from "./config.ts";
import { currentNetwork, networksOf } from "./networks.ts";
import { captivePortal, pref64, prefixInformation, pvdOption, type PrefixInformation } from "./ra-options.ts";

export const BIRD_CONTROL_SOCKET = "/run/bird/bird.ctl";

/** What BIRD's log says when it sends a router advertisement; `debug { packets }` makes it say so. */
export const RA_SENT = /Sending RA /;

/** BIRD counts no lifetime down; so often its configuration does, in seconds. */
export const COUNTDOWN_STEP_S = 15;

/**
 * BIRD's configuration of a BNG at a moment in seconds since 1970: router advertisements on the subscriber link (RFC 4861,
 * 4191, 8106, 8781, 8801, 8910), with what faults change of them. A provider without a prefix is no default router.
 */
export function renderBird(config: BngConfig, nowS: number, faults: RaEffects = {}): string {
  const { ra } = config;
  const minimum = Math.max(3, Math.floor(ra.intervalS / 3));
  const lines = [
    "log stderr all;",
    // A router ID is an IPv4-shaped number; there is no IPv4 to take it from.
    "router id 192.0.2.1;",
    "protocol device { scan time 10; }",
    // What customers are told of, and no route of this machine. Here also without any: a protocol that gets or loses its
    // table starts anew, and would say good-bye.
    "ipv6 table announced;",
    "protocol static {",
    "  ipv6 { table announced; };",
    ...config.advertised.routes.map(route),
    "}",
    "protocol radv {",
    "  debug { packets };",
    "  ipv6 { table announced; export all; };",
    "  propagate routes yes;",
    `  interface "${config.subscriber.interface}" {`,
    `    max ra interval ${ra.intervalS};`,
    `    min ra interval ${Math.min(minimum, Math.floor(ra.intervalS * 0.75))};`,
    // A CPE that asks just after an advertisement waits no longer than this; BIRD's own default is 3 s.
    "    min delay 1;",
    // Each who asks is answered; an advertisement to all would wait for the last one's three seconds (RFC 4861 6.2.6).
    `    solicited ra unicast ${yes(ra.solicited === "unicast")};`,
    `    managed ${yes(ra.managed)};`,
    `    other config ${yes(ra.other)};`,
    `    link mtu ${faults.mtu ?? ra.mtu ?? config.wireguard.mtu};`,
    `    default lifetime ${faults.lifetimeS ?? (currentNetwork(config) === undefined ? 0 : ra.lifetimeS)};`,
    `    default preference ${ra.preference};`,
    // Whatever was announced before: what is announced now has its own lifetimes, and what goes is told of as its state says.
    "    prefix linger time 0;",
    ...networksOf(config).flatMap((network) => announcement(network, config, nowS).map((line) => `    ${line}`)),
    // Of an address that comes before its block, or goes after it, nothing is said.
    "    prefix ::/0 { skip; };",
    ...servers(config).map((line) => `    ${line}`),
    ...options(config).map((line) => `    ${line}`),
    "  };",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function route({ prefix, preference = "medium", lifetimeS }: AdvertisedRoute): string {
  const attributes = [
    `ra_preference = RA_PREF_${preference.toUpperCase()};`,
    ...(lifetimeS === undefined ? [] : [`ra_lifetime = ${lifetimeS};`]),
  ];
  return `  route ${formatPrefix6(prefix)} unreachable { ${attributes.join(" ")} };`;
}

function announcement(network: Network, { ra, lifetimes }: BngConfig, nowS: number): string[] {
  const { transfer: prefix, state } = network;
  switch (state) {
    case "current":
      return prefixBlock({ prefix, ...ra, ...lifetimes });
    case "deprecated":
      return prefixBlock({
        prefix,
        ...ra,
        preferredS: 0,
        validS: Math.min(leftS(network, nowS), lifetimes.validS),
      });
    case "withdrawn":
      // BIRD announces by a block only what is on the link.
      return [prefixInformation({ prefix, ...ra, preferredS: 0, validS: 0 })];
  }
}

function prefixBlock(information: PrefixInformation): string[] {
  const { prefix, onLink, autonomous, pdPreferred, preferredS, validS } = information;
  // BIRD has no word for the P flag.
  if (pdPreferred) return [prefixInformation(information)];
  return [
    `prefix ${formatPrefix6(prefix)} {`,
    `  onlink ${yes(onLink)};`,
    `  autonomous ${yes(autonomous)};`,
    `  preferred lifetime ${preferredS};`,
    `  valid lifetime ${validS};`,
    "};",
  ];
}

function leftS({ endsAtS = 0 }: Network, nowS: number): number {
  return Math.max(0, Math.ceil((endsAtS - nowS) / COUNTDOWN_STEP_S) * COUNTDOWN_STEP_S);
}

function servers({ dns, dnsSearch, advertised: { dnsLifetimeS } }: BngConfig): string[] {
  const lifetime = dnsLifetimeS === undefined ? "" : ` lifetime ${dnsLifetimeS};`;
  return [
    ...dns.map((server) => `rdnss { ns ${server};${lifetime} };`),
    ...dnsSearch.map((domain) => `dnssl { domain "${domain}";${lifetime} };`),
  ];
}

function options({ advertised, captivePortal: portal, pvd, ra, lifetimes }: BngConfig): string[] {
  const { pref64: nat64, pref64LifetimeS = Math.min(3 * ra.intervalS, LONGEST_PREF64_S) } = advertised;
  return [
    ...advertised.prefixes.map((prefix) =>
      prefixInformation({ onLink: true, autonomous: true, pdPreferred: false, ...lifetimes, ...prefix }),
    ),
    ...(nat64 === undefined ? [] : [pref64(nat64, pref64LifetimeS)]),
    ...(pvd.name === undefined ? [] : [pvdOption({ ...pvd, name: pvd.name })]),
    ...(portal === undefined ? [] : [captivePortal(portal)]),
  ];
}

function yes(value: boolean): string {
  return value ? "yes" : "no";
}
