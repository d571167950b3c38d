import { containsPrefix, formatPrefix6, parsePrefix6, subnet, subnetCount, type Prefix6 } from "../ip6.ts";

/** The delegation that is as far from the end of a pool as another one is from its beginning; undefined when that is the same one, or the other is not of the pool. */
export function mirroredIn(pool: Prefix6 | undefined, text: string): string | undefined {
  const prefix = parsePrefix6(text);
  if (prefix === undefined || pool === undefined || !containsPrefix(pool, prefix)) return undefined;
  const index = (prefix.bits - pool.bits) >> BigInt(128 - prefix.length);
  const mirrored = formatPrefix6(subnet(pool, prefix.length, subnetCount(pool, prefix.length) - 1n - index));
  return mirrored === text ? undefined : mirrored;
}
