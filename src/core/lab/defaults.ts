import type { Prefix6 } from "../ip6.ts";
import { DEFAULT_DELEGATED_LENGTH, defaultPool, deriveLifetimes } from "../bng/defaults.ts";
import { isIpv4 } from "../values/parse.ts";
import type { Lifetimes, SubscriberLink } from "./model.ts";
import type { CpeEntry, LabFile, ProviderEntry } from "./schema.ts";

/** WireGuard's overhead over IPv6 is 80 bytes: 1500 less that. */
export const DEFAULT_TUNNEL_MTU = 1420;
/** Over IPv4 the overhead is 60 bytes. */
export const TUNNEL_MTU_OVER_IPV4 = 1440;
/** What WireGuard recommends behind a NAT. */
export const DEFAULT_KEEPALIVE_S = 25;
/** LAN hosts of a bundled CPE. */
export const DEFAULT_CPE_HOSTS = 1;

/** /56 while the pool holds one (RFC 6177), else halfway between the pool and /64: a /60 pool delegates /62. */
export function defaultDelegatedLength(pool: Prefix6 | undefined): number {
  if (pool === undefined || pool.length <= DEFAULT_DELEGATED_LENGTH) return DEFAULT_DELEGATED_LENGTH;
  return Math.floor((pool.length + 64) / 2);
}

/** A provider's subscriber link; with a single CPE it is that, unless the provider says otherwise. */
export function subscriberOf(
  provider: ProviderEntry,
  cpes: LabFile["cpes"] = [],
): SubscriberLink | undefined {
  const [only, ...others] = cpes;
  if (provider.subscriber !== undefined) return provider.subscriber;
  return only !== undefined && others.length === 0 ? { kind: "cpe", cpe: only.name } : undefined;
}

/** The pool that a provider delegates from; undefined for a /64. */
export function poolOf(provider: ProviderEntry): Prefix6 | undefined {
  return provider.delegation?.prefix ?? defaultPool(provider.prefix);
}

/** The names of a CPE's LAN hosts. */
export function hostNames(cpe: CpeEntry): string[] {
  return Array.from({ length: cpe.hosts ?? DEFAULT_CPE_HOSTS }, (_, index) => `${cpe.name}-host${index + 1}`);
}

/** Lifetimes and timers of a provider in seconds. */
export function lifetimesOf({ delegation }: ProviderEntry): Lifetimes {
  return deriveLifetimes({
    preferredS: delegation?.preferred,
    validS: delegation?.valid,
    renewS: delegation?.renew,
    rebindS: delegation?.rebind,
  });
}

/** The tunnel's MTU when the lab file names none: what a path of 1500 bytes carries; a name may mean IPv6. */
export function defaultTunnelMtu(endpointHost: string | undefined): number {
  return endpointHost !== undefined && isIpv4(endpointHost) ? TUNNEL_MTU_OVER_IPV4 : DEFAULT_TUNNEL_MTU;
}
