import { containsAddress, parseInterfaceAddress6, parseIp6, parsePrefix6, prefixOf } from "../ip6.ts";
import type { InternetConfig } from "./config.ts";

/** The provider that an address came through: the one whose prefix or tunnel network holds it. */
export function providerOf(config: InternetConfig, address: string): string | undefined {
  const bits = parseIp6(address);
  if (bits === undefined) return undefined;
  return config.peers.find((peer) => {
    const prefix = parsePrefix6(peer.prefix);
    const local = parseInterfaceAddress6(peer.localAddress);
    return (
      (prefix !== undefined && containsAddress(prefix, bits)) ||
      (local !== undefined && containsAddress(prefixOf(local.address, local.length), bits))
    );
  })?.provider;
}
