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
  "ra-deprecate",
  "ra-loss",
  "ra-split",
  "ra-rogue",
  "ra-mtu-lie",
  "dhcpv6-mute",
  "dhcpv6-slow",
  "dhcpv6-no-prefix",
  "dhcpv6-no-binding",
  "dhcpv6-t1-after-t2",
  "dhcpv6-infinite",
  "dhcpv6-length-change",
  "dhcpv6-old-and-new",
  "dhcpv6-duplicate",
  "dhcpv6-second-server",
  "dns-dead",
  "dns-slow",
  "dns-lie",
  "dns-other-view",
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
