import { addressIn, formatIp6, parseIp6, prefixOf } from "../ip6.ts";
import { stableHash } from "../names.ts";
import { parseLinkLocal } from "../values/parse.ts";
import { onOff, seconds, whole, word } from "./codec.ts";
import { setting, type Section, type Values } from "./setting.ts";

export const RA_PREFERENCE = ["low", "medium", "high"] as const;
const SOLICITED = ["unicast", "multicast"] as const;

/** Router advertisements (RFC 4861, 4191): what a common provider sends, so that RFC 7084 CPEs ask for IA_NA and IA_PD. */
export const ra = {
  managed: setting({
    path: "router-advertisement.managed",
    variable: "RA_MANAGED",
    codec: onOff,
    default: { value: true },
    group: "router advertisements",
    live: true,
    text: {
      schema: "M flag: addresses by DHCPv6.",
      lab: "M flag: ask DHCPv6 for addresses",
      environment: "M flag",
    },
  }),
  other: setting({
    path: "router-advertisement.other",
    variable: "RA_OTHER",
    codec: onOff,
    default: { value: true },
    group: "router advertisements",
    live: true,
    text: {
      schema: "O flag: other configuration by DHCPv6.",
      lab: "O flag: ask DHCPv6 for other configuration",
      environment: "O flag",
    },
  }),
  preference: setting({
    path: "router-advertisement.preference",
    variable: "RA_PREFERENCE",
    codec: word(RA_PREFERENCE),
    default: { value: "medium" },
    group: "router advertisements",
    live: true,
    text: {
      schema: "Default router preference (RFC 4191).",
      lab: "default router preference (RFC 4191): `low`, `medium`, `high`",
      environment: "`low`, `medium`, `high` (RFC 4191)",
    },
  }),
  lifetimeS: setting({
    path: "router-advertisement.lifetime",
    variable: "RA_LIFETIME",
    codec: seconds(0, 9000, "0 to 9000 seconds (RFC 4861)"),
    default: { value: 1800 },
    group: "router advertisements",
    live: true,
    text: {
      schema: "How long this is a default router; 0s: it is none.",
      lab: "how long this is a default router, up to 2h30m: `0s` (it is none), or at least `interval`",
      environment: "how long this is a default router; 0: it is none",
    },
  }),
  intervalS: setting({
    path: "router-advertisement.interval",
    variable: "RA_INTERVAL",
    codec: seconds(4, 1800, "4 to 1800 seconds (RFC 4861)"),
    default: { value: 60 },
    group: "router advertisements",
    live: true,
    text: {
      schema: "Longest time between two advertisements.",
      lab: "longest time between two advertisements, 4s to 30m",
      environment: "longest time between two advertisements",
    },
  }),
  mtu: setting({
    path: "router-advertisement.mtu",
    variable: "RA_MTU",
    codec: whole(1280, 65_535, { unit: "bytes" }),
    default: { from: () => undefined, says: "the tunnel's" },
    group: "router advertisements",
    live: true,
    text: {
      schema: "MTU that CPEs are told; the tunnel's by default.",
      lab: "MTU that CPEs are told, 1280 to 65535",
      environment: "MTU option",
    },
    examples: [1420],
  }),
  solicited: setting({
    path: "router-advertisement.solicited",
    variable: "RA_SOLICITED",
    codec: word(SOLICITED),
    default: { value: "unicast" },
    group: "router advertisements",
    live: true,
    quiet: true,
    text: {
      schema: "Who hears the answer to a solicitation: who asked, or everybody.",
      lab: "how solicitations are answered (RFC 4861, 6.2.6): `unicast` to who asked, or `multicast` to everybody",
      environment: "how solicitations are answered: `unicast` to who asked, or `multicast` to everybody",
    },
  }),
  onLink: setting({
    path: "router-advertisement.on-link",
    variable: "RA_ON_LINK",
    codec: onOff,
    default: { value: true },
    group: "router advertisements",
    live: true,
    quiet: true,
    text: {
      schema: "L flag of the provider's first /64.",
      lab: "L flag of the provider's first /64: its addresses are on the link",
      environment: "L flag of the transfer network",
    },
  }),
  autonomous: setting({
    path: "router-advertisement.autonomous",
    variable: "RA_AUTONOMOUS",
    codec: onOff,
    default: { value: true },
    group: "router advertisements",
    live: true,
    quiet: true,
    text: {
      schema: "A flag of the provider's first /64: addresses by SLAAC.",
      lab: "A flag of the provider's first /64: addresses by SLAAC (RFC 4862)",
      environment: "A flag of the transfer network",
    },
  }),
  pdPreferred: setting({
    path: "router-advertisement.pd-preferred",
    variable: "RA_PD_PREFERRED",
    codec: onOff,
    default: { value: false },
    group: "router advertisements",
    live: true,
    quiet: true,
    text: {
      schema: "P flag of the provider's first /64: rather a prefix of one's own by DHCPv6 (RFC 9762).",
      lab: "P flag of the provider's first /64: who can, asks DHCPv6 for a prefix instead of taking addresses there (RFC 9762)",
      environment: "P flag of the transfer network (RFC 9762)",
    },
  }),
} satisfies Section;

/** Router advertisement (RFC 4861, 4191); lifetimes and intervals in seconds. */
export type RaOptions = Values<typeof ra>;

/** The router that customers see. */
export const router = {
  linkLocal: setting({
    path: undefined,
    variable: "LINK_LOCAL",
    codec: {
      environment: { parse: parseLinkLocal, right: "an address in fe80::/64", format: formatIp6 },
    },
    default: { from: ({ name }) => deriveLinkLocal(name ?? ""), says: "from the suffix" },
    group: "router advertisements",
    follows: "name",
    text: { environment: "distinct per provider, so two can share one LAN (RFC 8028)" },
  }),
} satisfies Section;

/** A link-local address that differs from provider to provider, so that two can share one LAN (RFC 8028). */
export function deriveLinkLocal(name: string): bigint {
  return addressIn(prefixOf(parseIp6("fe80::") ?? 0n, 64), BigInt(stableHash(name)) + 0x1_0000_0000n);
}
