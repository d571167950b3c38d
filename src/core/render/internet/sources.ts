import {
  containsAddress,
  parseInterfaceAddress6,
  parseIp6,
  parsePrefix6,
  prefixOf,
} from "../../model/ip6.ts";
import { isIpv4 } from "../../model/values/parse.ts";
import type { InternetConfig } from "../../model/internet/config.ts";
import { prefixesOf } from "./told-prefixes.ts";

/** The provider that an address came through: the one whose prefix, tunnel network or pool of IPv4 addresses holds it. */
export function providerOf(config: InternetConfig, address: string): string | undefined {
  if (isIpv4(address)) return translated(config, address);
  const bits = parseIp6(address);
  if (bits === undefined) return undefined;
  return config.peers.find((peer) => {
    const prefixes = prefixesOf(peer).flatMap((prefix) => parsePrefix6(prefix) ?? []);
    const local = parseInterfaceAddress6(peer.localAddress);
    return (
      prefixes.some((prefix) => containsAddress(prefix, bits)) ||
      (local !== undefined && containsAddress(prefixOf(local.address, local.length), bits))
    );
  })?.provider;
}

/** Pools are /24s. */
function translated({ services = [] }: InternetConfig, address: string): string | undefined {
  const network = address.slice(0, address.lastIndexOf(".") + 1);
  return services.find(({ nat64 }) => nat64?.pool.startsWith(network))?.provider;
}
