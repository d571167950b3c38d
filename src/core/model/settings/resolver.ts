import type { Prefix6 } from "../ip6.ts";
import { anyAddress } from "../values/announced.ts";
import { domain } from "../values/scalars-network.ts";
import { type RecordOf, onOff, records, text, word } from "./codec.ts";
import { setting, type Section, type Values } from "./setting.ts";

const NAT64 = ["bundled", "elsewhere"] as const;

const ANSWER = {
  name: {
    key: "name",
    codec: text<string>({
      read: domain,
    }),
    required: true,
    schema: "What is asked for.",
    examples: ["shop.example"],
  },
  address: {
    key: "address",
    codec: text<string>({
      read: anyAddress,
    }),
    required: true,
    schema: "What is answered: an IPv6 or an IPv4 address.",
    examples: ["2001:db8::1"],
  },
} as const;
/** One answer of a resolver. */
export type Answer = RecordOf<typeof ANSWER>;

/** What the bundled internet does for a provider's customers only. */
export const resolver = {
  nat64: setting({
    path: "nat64",
    codec: word(NAT64),
    default: {
      from: ({ internet }): (typeof NAT64)[number] | undefined =>
        internet === "bundled" ? "bundled" : undefined,
      says: "with `internet: bundled`, `bundled`; else none",
    },
    group: "dns",
    elsewhere: true,
    text: {
      schema: "Who translates what is sent to the NAT64 prefix: the bundled internet, or somebody else.",
      lab: "who translates what is sent to `router-advertisement.pref64`: `bundled`, the bundled internet; `elsewhere`, a NAT64 that you have, or nobody",
    },
  }),
  dns64: setting({
    path: "resolver.dns64",
    codec: onOff,
    default: {
      from: () => undefined,
      says: "`true` with `pref64` and a bundled NAT64, else `false`",
    },
    group: "dns",
    elsewhere: true,
    text: {
      schema: "Whether the resolver makes addresses of the NAT64 prefix for names that have only IPv4 ones.",
      lab: "whether names that have only IPv4 addresses get some of the NAT64 prefix (DNS64, RFC 6147)",
    },
  }),
  answers: setting({
    path: "resolver.answers",
    codec: records(ANSWER),
    default: { value: [] },
    group: "dns",
    elsewhere: true,
    text: {
      schema: "What only this provider's resolver answers.",
      lab: "list of what only this resolver answers, each with `name` and `address` (IPv6 or IPv4); instead of what others answer for the name",
    },
    item: "An answer.",
    examples: ["{name: shop.example, address: 2001:db8::1}"],
  }),
} satisfies Section;

export type ResolverValues = Values<typeof resolver>;

/** What a resolver of a provider's own does. */
export interface OwnResolver {
  /** Addresses of this prefix are made for names that have only IPv4 ones. */
  readonly dns64: Prefix6 | undefined;
  readonly answers: readonly Answer[];
}

/** The resolver that a provider has for itself; undefined for one that is content with that of all. */
export function ownResolver(
  { nat64, dns64 = nat64 === "bundled", answers }: Partial<ResolverValues>,
  pref64: Prefix6 | undefined,
): OwnResolver | undefined {
  const made = dns64 ? pref64 : undefined;
  return made === undefined && (answers ?? []).length === 0
    ? undefined
    : { dns64: made, answers: answers ?? [] };
}
