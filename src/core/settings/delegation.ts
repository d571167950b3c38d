import { containsPrefix, formatPrefix6, parsePrefix6, subnet, type Prefix6 } from "../ip6.ts";
import { prefix } from "../values/scalars-network.ts";
import { text, whole } from "./codec.ts";
import type { EnvironmentReader } from "./environment-reader.ts";
import { setting, type Basis, type Section } from "./setting.ts";

/** RFC 6177 and BCOP 690: a /56 for a home. */
const USUAL_LENGTH = 56;
/** A CPE asks for one prefix, or for one per network of its home. */
const USUAL_PER_CUSTOMER = 8;

/** What a provider delegates by DHCPv6 (RFC 8415). */
export const delegation = {
  delegatedLength: setting({
    path: "delegation.length",
    variable: "DELEGATED_LENGTH",
    codec: whole(48, 64, { right: "a length from 48 to 64", unit: "bits" }),
    default: {
      from: ({ pool }) => defaultDelegatedLength(pool),
      says: { lab: `\`${USUAL_LENGTH}\`, see below`, environment: `\`${USUAL_LENGTH}\`` },
      usual: USUAL_LENGTH,
    },
    group: "delegation",
    text: {
      schema: "Length of each delegated prefix.",
      lab: "length of each delegated prefix, 48 to 64, and not shorter than the pool's",
      environment: "length of each delegated prefix; of a pool that is smaller, halfway between it and /64",
    },
    ask: { flag: "length", message: "Length of a delegation" },
    examples: [USUAL_LENGTH, 60, 62],
  }),
  pool: setting({
    path: "delegation.prefix",
    variable: "DELEGATED_PREFIX",
    codec: text<Prefix6>({
      read: prefix(33, 64),
      parse: parsePrefix6,
      right: "a prefix",
      format: formatPrefix6,
    }),
    readFrom: readPool,
    default: {
      from: ({ prefix: own }) => (own === undefined ? undefined : defaultPool(own)),
      says: { lab: "upper half of the provider's prefix", environment: "upper half" },
    },
    group: "delegation",
    live: true,
    text: {
      schema: "The pool to delegate from; the upper half of the provider's prefix by default.",
      lab: "the pool; inside the provider's prefix, beside its first /64",
      environment: "the pool to delegate from; a /64 delegates nothing",
    },
    examples: ["2001:db8:a:8000::/49"],
  }),
  perCustomer: setting({
    path: "delegation.per-customer",
    variable: "DELEGATIONS_PER_CUSTOMER",
    codec: whole(1, 32_768),
    default: { value: USUAL_PER_CUSTOMER },
    group: "delegation",
    live: true,
    quiet: true,
    text: {
      schema: "Most delegations, and most addresses, that one customer (by DUID and by MAC) can have.",
      lab: "most delegations, and most addresses, that one customer (by DUID and by MAC) can have; five times as many messages a second are taken from a MAC",
      environment:
        "most delegations, and most addresses, that one customer (by DUID and by MAC) can have; five times as many messages a second are taken from a MAC",
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

function readPool(reader: EnvironmentReader, { prefix: own }: Basis): Prefix6 | undefined {
  const variable = delegation.pool.variable;
  if (own === undefined || reader.text(variable) === undefined) return undefined;
  const upperHalf = defaultPool(own);
  const shown = formatPrefix6(own);
  if (upperHalf === undefined) {
    reader.fail(
      variable,
      `is set, but ASSIGNED_PREFIX ${shown} has nothing to delegate; right would be a prefix shorter than /64, or no DELEGATED_PREFIX`,
    );
    return undefined;
  }
  return reader.optional(
    variable,
    (given) => {
      const pool = parsePrefix6(given);
      return pool !== undefined && pool.length <= 64 && poolProblem(own, pool) === undefined
        ? pool
        : undefined;
    },
    `a prefix inside ${shown}, no longer than /64, without the transfer network ${formatPrefix6(subnet(own, 64, 0n))}, for example ${formatPrefix6(upperHalf)}`,
  );
}
