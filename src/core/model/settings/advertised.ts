import { containsPrefix, formatPrefix6, overlaps, type Prefix6 } from "../ip6.ts";
import { destination, nat64Prefix } from "../values/announced.ts";
import { prefix } from "../values/scalars-network.ts";
import { MAX_LIFETIME_S } from "../values/units.ts";
import { type RecordOf, onOff, records, seconds, text, word } from "./codec.ts";
import { RA_PREFERENCE } from "./router-advertisement.ts";
import { setting, type Section, type Values } from "./setting.ts";

/** 13 bits that count units of 8 seconds (RFC 8781, section 4.1). */
export const LONGEST_PREF64_S = 65_528;

const lifetime = seconds(0, MAX_LIFETIME_S);

const ROUTE = {
  prefix: {
    key: "prefix",
    codec: text<Prefix6>({
      read: destination,
      format: formatPrefix6,
    }),
    required: true,
    schema: "Where the route leads.",
    examples: ["2001:db8:f::/48"],
  },
  preference: {
    key: "preference",
    codec: word(RA_PREFERENCE),
    schema: "Its preference; medium by default.",
  },
  lifetimeS: {
    key: "lifetime",
    codec: lifetime,
    schema: "How long it holds; three times the interval of the advertisements by default.",
    examples: ["30m"],
  },
} as const;
/** A route that customers are told (RFC 4191); its lifetime in seconds. */
export type AdvertisedRoute = RecordOf<typeof ROUTE>;

const PREFIX = {
  prefix: {
    key: "prefix",
    codec: text<Prefix6>({
      read: prefix(32, 128),
      format: formatPrefix6,
    }),
    required: true,
    schema: "A prefix of the provider beside its first /64.",
    examples: ["2001:db8:a:1::/64"],
  },
  onLink: { key: "on-link", codec: onOff, schema: "L flag; true by default." },
  autonomous: { key: "autonomous", codec: onOff, schema: "A flag; true by default." },
  pdPreferred: {
    key: "pd-preferred",
    codec: onOff,
    schema: "P flag: rather a prefix of one's own by DHCPv6 (RFC 9762); false by default.",
  },
  preferredS: {
    key: "preferred",
    codec: lifetime,
    schema: "Preferred lifetime; that of what is delegated by default.",
    examples: ["30m"],
  },
  validS: {
    key: "valid",
    codec: lifetime,
    schema: "Valid lifetime; that of what is delegated by default.",
    examples: ["4h"],
  },
} as const;
/** A prefix information option beside that of the transfer network (RFC 4861); lifetimes in seconds. */
export type AdvertisedPrefix = RecordOf<typeof PREFIX>;

/** Options of router advertisements that not every provider sends. */
export const advertised = {
  dnsLifetimeS: setting({
    path: "router-advertisement.dns-lifetime",
    codec: lifetime,
    default: {
      // RFC 8106, section 5.1
      from: () => undefined,
      says: "three times the interval",
    },
    group: "router advertisements",
    live: true,
    text: {
      schema: "How long DNS servers and search domains hold; 0s: not any more.",
      lab: "how long `dns` and `dns-search` hold (RFC 8106); `0s`: not any more",
    },
    examples: ["3m"],
  }),
  pref64: setting({
    path: "router-advertisement.pref64",
    codec: text<Prefix6>({
      read: nat64Prefix,
      format: formatPrefix6,
    }),
    default: { value: undefined },
    group: "router advertisements",
    live: true,
    text: {
      schema: "The NAT64 prefix (PREF64, RFC 8781).",
      lab: "the NAT64 prefix, which the PREF64 option tells (RFC 8781); see [NAT64](announcements.md#nat64)",
    },
    examples: ["64:ff9b::/96"],
  }),
  pref64LifetimeS: setting({
    path: "router-advertisement.pref64-lifetime",
    codec: seconds(0, LONGEST_PREF64_S),
    default: { from: () => undefined, says: "three times the interval" },
    group: "router advertisements",
    live: true,
    text: {
      schema: "How long the NAT64 prefix holds; 0s: not any more.",
      lab: "how long it holds, in steps of 8s; `0s`: not any more",
    },
    examples: ["3m12s"],
  }),
  routes: setting({
    path: "router-advertisement.routes",
    codec: records(ROUTE),
    default: { value: [] },
    group: "router advertisements",
    live: true,
    text: {
      schema: "Routes that customers are told (RFC 4191).",
      lab: "list of routes that customers are told (route information, RFC 4191), each with `prefix`, and perhaps `preference` (`low`, `medium`, `high`) and `lifetime`",
    },
    item: "A route.",
    examples: ["{prefix: 2001:db8:f::/48, preference: high}"],
  }),
  prefixes: setting({
    path: "router-advertisement.prefixes",
    codec: records(PREFIX),
    default: { value: [] },
    group: "router advertisements",
    live: true,
    text: {
      schema: "Prefixes that are announced beside the provider's first /64 (RFC 4861).",
      lab: "list of prefixes that are announced beside the provider's first /64, each with `prefix`, and perhaps `on-link`, `autonomous`, `pd-preferred`, `preferred` and `valid`",
    },
    item: "A prefix.",
    examples: ["{prefix: 2001:db8:a:1::/64, on-link: false, autonomous: false}"],
  }),
} satisfies Section;

/** Options of router advertisements; lifetimes in seconds, undefined for what follows from the interval. */
export type AdvertisedOptions = Values<typeof advertised>;

/** Why a prefix cannot be announced beside the transfer network; undefined when it can. */
export function advertisedProblem(
  { prefix: announced, autonomous = true, preferredS = 0, validS = preferredS }: AdvertisedPrefix,
  { prefix: own, transfer, pool }: Networks,
  earlier: readonly AdvertisedPrefix[],
): "outside" | "transfer" | "pool" | "repeated" | "length" | "lifetimes" | undefined {
  if (!containsPrefix(own, announced)) return "outside";
  if (overlaps(transfer, announced)) return "transfer";
  if (pool !== undefined && overlaps(pool, announced)) return "pool";
  if (earlier.some((other) => overlaps(other.prefix, announced))) return "repeated";
  // RFC 4862, section 5.5.3: an interface identifier has 64 bits.
  if (autonomous && announced.length !== 64) return "length";
  return preferredS > validS ? "lifetimes" : undefined;
}

interface Networks {
  readonly prefix: Prefix6;
  readonly transfer: Prefix6;
  readonly pool: Prefix6 | undefined;
}
