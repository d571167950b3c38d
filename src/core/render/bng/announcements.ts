/** What router advertisements tell of prefixes, routes, resolvers and the rest, as statements of BIRD's configuration. */
import type { RaEffects } from "../../model/faults/effects.ts";
import { formatPrefix6 } from "../../model/ip6.ts";
import { LONGEST_PREF64_S, type AdvertisedRoute } from "../../model/settings/advertised.ts";
import type { BngConfig, Network } from "./config.ts";
import { captivePortal, pref64, prefixInformation, pvdOption, type PrefixInformation } from "./ra-options.ts";

/** BIRD counts no lifetime down; so often its configuration does, in seconds. */
export const COUNTDOWN_STEP_S = 15;

/** A route of the table that customers are told of (RFC 4191). */
export function announcedRoute({ prefix, preference = "medium", lifetimeS }: AdvertisedRoute): string {
  const attributes = [
    `ra_preference = RA_PREF_${preference.toUpperCase()};`,
    ...(lifetimeS === undefined ? [] : [`ra_lifetime = ${lifetimeS};`]),
  ];
  return `route ${formatPrefix6(prefix)} unreachable { ${attributes.join(" ")} };`;
}

/** The prefix of a network by its state, at a moment in seconds since 1970. */
export function announcedNetwork(
  network: Network,
  { ra, lifetimes }: BngConfig,
  nowS: number,
  faults: RaEffects,
): string[] {
  const { transfer: prefix, state } = network;
  switch (state) {
    case "current":
      return prefixBlock({
        prefix,
        ...ra,
        ...lifetimes,
        preferredS: faults.preferredS ?? lifetimes.preferredS,
      });
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

/** Resolvers and search domains (RFC 8106). */
export function announcedServers({ dns, dnsSearch, advertised: { dnsLifetimeS } }: BngConfig): string[] {
  const lifetime = dnsLifetimeS === undefined ? "" : ` lifetime ${dnsLifetimeS};`;
  return [
    ...dns.map((server) => `rdnss { ns ${server};${lifetime} };`),
    ...dnsSearch.map((domain) => `dnssl { domain "${domain}";${lifetime} };`),
  ];
}

/** Further prefixes, NAT64 (RFC 8781), the provisioning domain (RFC 8801) and the captive portal (RFC 8910). */
export function announcedOptions(config: BngConfig): string[] {
  const { advertised, captivePortal: portal, pvd, ra, lifetimes } = config;
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

/** A truth in BIRD's words. */
export function yes(value: boolean): string {
  return value ? "yes" : "no";
}
