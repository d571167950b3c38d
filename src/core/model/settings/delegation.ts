import { containsPrefix, formatPrefix6, subnet, type Prefix6 } from "../ip6.ts";
import { prefix } from "../values/scalars-network.ts";
import { text, whole } from "./codec.ts";
import { setting, type Section } from "./setting.ts";

/** RFC 6177 and BCOP 690: a /56 for a home. */
const USUAL_LENGTH = 56;
/** A CPE asks for one prefix, or for one per network of its home. */
const USUAL_PER_CUSTOMER = 8;

/** What a provider delegates by DHCPv6 (RFC 8415). */
export const delegation = {
  delegatedLength: setting({
    path: "delegation.length",
    codec: whole(48, 64, "bits"),
    default: {
      from: ({ pool }) => defaultDelegatedLength(pool),
      says: `\`${USUAL_LENGTH}\`, see below`,
      usual: USUAL_LENGTH,
    },
    group: "delegation",
    text: {
      schema: "Length of each delegated prefix.",
      lab: "length of each delegated prefix, 48 to 64, and not shorter than the pool's",
    },
    ask: { flag: "length", message: "Length of a delegation" },
    examples: [USUAL_LENGTH, 60, 62],
  }),
  pool: setting({
    path: "delegation.prefix",
    codec: text<Prefix6>({
      read: prefix(33, 64),
      format: formatPrefix6,
    }),
    default: {
      from: ({ prefix: own }) => (own === undefined ? undefined : defaultPool(own)),
      says: "upper half of the provider's prefix",
    },
    group: "delegation",
    live: true,
    text: {
      schema: "The pool to delegate from; the upper half of the provider's prefix by default.",
      lab: "the pool; inside the provider's prefix, beside its first /64",
    },
    examples: ["2001:db8:a:8000::/49"],
  }),
  perCustomer: setting({
    path: "delegation.per-customer",
    codec: whole(1, 32_768),
    default: { value: USUAL_PER_CUSTOMER },
    group: "delegation",
    live: true,
    text: {
      schema: "Most delegations, and most addresses, that one customer (by DUID and by MAC) can have.",
      lab: "most delegations, and most addresses, that one customer (by DUID and by MAC) can have; five times as many messages a second are taken from a MAC",
    },
    examples: [USUAL_PER_CUSTOMER, 1],
  }),
} satisfies Section;

/** The upper half of a provider's prefix; undefined for a /64, which has nothing to delegate. */
export function defaultPool(own: Prefix6): Prefix6 | undefined {
  return own.length >= 64 ? undefined : subnet(own, own.length + 1, 1n);
}

/** /56 while the pool holds one (RFC 6177), else halfway between the pool and /64: a /60 pool delegates /62. */
export function defaultDelegatedLength(pool: Prefix6 | undefined): number {
  if (pool === undefined || pool.length <= USUAL_LENGTH) return USUAL_LENGTH;
  return Math.floor((pool.length + 64) / 2);
}

/** Why a provider cannot delegate from a pool; undefined when it can. */
export function poolProblem(own: Prefix6, pool: Prefix6): "outside" | "covers transfer" | undefined {
  if (!containsPrefix(own, pool)) return "outside";
  return pool.bits === own.bits ? "covers transfer" : undefined;
}

/** Whether a pool holds delegations of a length. */
export function fitsPool(pool: Prefix6 | undefined, length: number): boolean {
  return pool === undefined || length >= pool.length;
}
