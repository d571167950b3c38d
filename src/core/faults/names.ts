/** Every kind of fault, in the order of the catalogue. The words are a contract: overlays, scripts and records hold them. */
export const FAULT_KINDS = [
  "link-carrier-down",
  "link-flap",
  "link-nd-silent",
  "link-multicast-loss",
  "upstream-blackhole",
  "upstream-unreachable",
  "upstream-tunnel-down",
  "upstream-pmtu-blackhole",
  "upstream-walled-garden",
  "upstream-filter-flip",
  "ra-stop",
  "ra-lifetime-zero",
  "ra-loss",
  "ra-mtu-lie",
  "dhcpv6-mute",
  "dns-dead",
  "bng-crash",
  "bng-lease-loss",
  "bng-route-lost",
  "bng-lease-lost",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Whether a word is a kind of this version. */
export function isFaultKind(word: unknown): word is FaultKind {
  return FAULT_KINDS.some((kind) => kind === word);
}
