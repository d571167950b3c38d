import { addressIn, prefixOf } from "./ip6.ts";

/**
 * The far side's address in a tunnel's network: the first that no BNG has; undefined for a network of one address.
 * Of a network of two (RFC 6164) both count, of a larger one the router anycast address does not (RFC 4291).
 */
export function farAddress(
  { address, length }: { readonly address: bigint; readonly length: number },
  taken: ReadonlySet<bigint>,
): bigint | undefined {
  if (length === 128) return undefined;
  const network = prefixOf(address, length);
  const candidates = length === 127 ? [0n, 1n] : [1n, 2n];
  return candidates.map((index) => addressIn(network, index)).find((one) => !taken.has(one));
}
