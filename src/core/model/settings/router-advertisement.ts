import { addressIn, parseIp6, prefixOf } from "../ip6.ts";
import { stableHash } from "../names.ts";
import { onOff, seconds, whole, word } from "./codec.ts";
import { setting, type Section, type Values } from "./setting.ts";

export const RA_PREFERENCE = ["low", "medium", "high"] as const;
const SOLICITED = ["unicast", "multicast"] as const;

/** Router advertisements (RFC 4861, 4191): what a common provider sends, so that RFC 7084 CPEs ask for IA_NA and IA_PD. */
export const ra = {
  managed: setting({
    path: "router-advertisement.managed",
    codec: onOff,
    default: { value: true },
    group: "router advertisements",
    live: true,
    text: {
      schema: "M flag: addresses by DHCPv6.",
      lab: "M flag: ask DHCPv6 for addresses",
    },
  }),
  other: setting({
    path: "router-advertisement.other",
    codec: onOff,
    default: { value: true },
    group: "router advertisements",
    live: true,
    text: {
      schema: "O flag: other configuration by DHCPv6.",
      lab: "O flag: ask DHCPv6 for other configuration",
    },
  }),
  preference: setting({
    path: "router-advertisement.preference",
    codec: word(RA_PREFERENCE),
    default: { value: "medium" },
    group: "router advertisements",
    live: true,
    text: {
      schema: "Default router preference (RFC 4191).",
      lab: "default router preference (RFC 4191): `low`, `medium`, `high`",
    },
  }),
  lifetimeS: setting({
    path: "router-advertisement.lifetime",
    codec: seconds(0, 9000),
    default: { value: 1800 },
    group: "router advertisements",
    live: true,
    text: {
      schema: "How long this is a default router; 0s: it is none.",
      lab: "how long this is a default router, up to 2h30m: `0s` (it is none), or at least `interval`",
    },
  }),
  intervalS: setting({
    path: "router-advertisement.interval",
    codec: seconds(4, 1800),
    default: { value: 60 },
    group: "router advertisements",
    live: true,
    text: {
      schema: "Longest time between two advertisements.",
      lab: "longest time between two advertisements, 4s to 30m",
    },
  }),
  mtu: setting({
    path: "router-advertisement.mtu",
    codec: whole(1280, 65_535, "bytes"),
    default: { from: () => undefined, says: "the tunnel's" },
    group: "router advertisements",
    live: true,
    text: {
      schema: "MTU that CPEs are told; the tunnel's by default.",
      lab: "MTU that CPEs are told, 1280 to 65535",
    },
    examples: [1420],
  }),
  solicited: setting({
    path: "router-advertisement.solicited",
    codec: word(SOLICITED),
    default: { value: "unicast" },
    group: "router advertisements",
    live: true,
    text: {
      schema: "Who hears the answer to a solicitation: who asked, or everybody.",
      lab: "how solicitations are answered (RFC 4861, 6.2.6): `unicast` to who asked, or `multicast` to everybody",
    },
  }),
  onLink: setting({
    path: "router-advertisement.on-link",
    codec: onOff,
    default: { value: true },
    group: "router advertisements",
    live: true,
    text: {
      schema: "L flag of the provider's first /64.",
      lab: "L flag of the provider's first /64: its addresses are on the link",
    },
  }),
  autonomous: setting({
    path: "router-advertisement.autonomous",
    codec: onOff,
    default: { value: true },
    group: "router advertisements",
    live: true,
    text: {
      schema: "A flag of the provider's first /64: addresses by SLAAC.",
      lab: "A flag of the provider's first /64: addresses by SLAAC (RFC 4862)",
    },
  }),
  pdPreferred: setting({
    path: "router-advertisement.pd-preferred",
    codec: onOff,
    default: { value: false },
    group: "router advertisements",
    live: true,
    text: {
      schema: "P flag of the provider's first /64: rather a prefix of one's own by DHCPv6 (RFC 9762).",
      lab: "P flag of the provider's first /64: who can, asks DHCPv6 for a prefix instead of taking addresses there (RFC 9762)",
    },
  }),
} satisfies Section;

/** Router advertisement (RFC 4861, 4191); lifetimes and intervals in seconds. */
export type RaOptions = Values<typeof ra>;

/** A link-local address that differs from provider to provider, so that two can share one LAN (RFC 8028). */
export function deriveLinkLocal(name: string): bigint {
  return addressIn(prefixOf(parseIp6("fe80::") ?? 0n, 64), BigInt(stableHash(name)) + 0x1_0000_0000n);
}
