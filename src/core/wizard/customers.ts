/** What the customers of a provider get of its prefix, in words. */
import { formatPrefix6, parsePrefix6, subnetCount, type Prefix6 } from "../ip6.ts";
import { defaultDelegatedLength, defaultPool } from "../settings/delegation.ts";

/** What can be delegated of a prefix. */
export interface Delegable {
  readonly pool: Prefix6;
  /** The usual length of a delegation. */
  readonly length: number;
}

/** What can be delegated; `nothing` of a /64, `unknown` when the prefix is none (yet), such as a variable. */
export function delegable(prefix: string | undefined): Delegable | "nothing" | "unknown" {
  const own = parsePrefix6(prefix ?? "");
  if (own === undefined) return "unknown";
  const pool = defaultPool(own);
  return pool === undefined ? "nothing" : { pool, length: defaultDelegatedLength(pool) };
}

/** `a /56 for each of 128 customers`, where a length may be given. */
export function whatEachGets(prefix: string | undefined, given?: number): string {
  const found = delegable(prefix);
  if (found === "nothing") return NOTHING;
  if (found === "unknown") return given === undefined ? "a prefix for each customer" : `a /${given} for each`;
  const { pool, length: usual } = found;
  const length = given ?? usual;
  const count = subnetCount(pool, length);
  return count === 1n
    ? `a /${length} for one customer (${formatPrefix6(pool)})`
    : `a /${length} for each of ${count} customers`;
}

/** Of a single /64. */
export const NOTHING = "a single /64: nothing to delegate, customers take addresses of it (SLAAC)";
