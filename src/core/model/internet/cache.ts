import { containsAddress, type Prefix6 } from "../ip6.ts";

/** The name with an address in each provider's prefix, as that of a service which has a cache in many networks. */
export const CACHED_NAME = "www.example";

/** The host part of a cache's address. */
const HOST = 0x80n;

/**
 * The address of the bundled internet in a provider's prefix: in the last /64 of its lower half, from which nothing is delegated by
 * default. A host selects a source of this provider for it (RFC 6724 rule 8). Undefined where there is no room.
 */
export function cacheAddress(provider: {
  readonly prefix: Prefix6;
  readonly transfer: Prefix6;
  readonly pool: Prefix6 | undefined;
}): bigint | undefined {
  const { prefix, transfer, pool } = provider;
  if (prefix.length > 62) return undefined;
  const address = prefix.bits + (1n << BigInt(127 - prefix.length)) - (1n << 64n) + HOST;
  const taken = [transfer, ...(pool === undefined ? [] : [pool])];
  return taken.some((one) => containsAddress(one, address)) ? undefined : address;
}
