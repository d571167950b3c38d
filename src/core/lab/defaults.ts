import type { Prefix6 } from "../ip6.ts";
import { DEFAULT_DELEGATED_LENGTH } from "../bng/defaults.ts";

/** WireGuard's overhead over IPv6 is 80 bytes: 1500 less that. */
export const DEFAULT_TUNNEL_MTU = 1420;
/** What WireGuard recommends behind a NAT. */
export const DEFAULT_KEEPALIVE_S = 25;
/** LAN hosts of a bundled CPE. */
export const DEFAULT_CPE_HOSTS = 1;

/** /56 while the pool holds one (RFC 6177), else halfway between the pool and /64: a /60 pool delegates /62. */
export function defaultDelegatedLength(pool: Prefix6 | undefined): number {
  if (pool === undefined || pool.length <= DEFAULT_DELEGATED_LENGTH) return DEFAULT_DELEGATED_LENGTH;
  return Math.floor((pool.length + 64) / 2);
}
