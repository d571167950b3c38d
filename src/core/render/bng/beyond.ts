import { cacheAddress } from "../../model/internet/cache.ts";
import { INTERNET_PREFIX } from "../../model/internet/config.ts";
import { containsAddress, containsPrefix, formatIp6, formatPrefix6 } from "../../model/ip6.ts";
import type { BngConfig } from "./config.ts";

/**
 * What of a provider's own prefix is beyond its tunnel: its part of a NAT64, and the cache of the bundled internet, which knows the
 * prefix of the lab file only.
 */
export function beyondTunnel(config: BngConfig): string[] {
  const { prefix, advertised, wireguard, networks } = config;
  const { pref64 } = advertised;
  const bundled = containsAddress(INTERNET_PREFIX, wireguard.address);
  const cache = bundled && networks === undefined ? cacheAddress(config) : undefined;
  return [
    ...(pref64 !== undefined && containsPrefix(prefix, pref64) ? [formatPrefix6(pref64)] : []),
    ...(cache === undefined ? [] : [`${formatIp6(cache)}/128`]),
  ];
}
