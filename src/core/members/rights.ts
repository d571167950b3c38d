/** Rights and kernel settings that several roles share. */

/** SYS_ADMIN enters the birth namespace; SETPCAP drops what daemons do not need. */
export const NETWORK_CAPABILITIES = ["NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SETPCAP"] as const;

/** For wireguard-go, where the kernel has no WireGuard. */
export const TUN = "/dev/net/tun";

export const ROUTER_SYSCTLS = {
  "net.ipv6.conf.all.disable_ipv6": "0",
  "net.ipv6.conf.default.disable_ipv6": "0",
  "net.ipv6.conf.all.forwarding": "1",
  "net.ipv6.conf.default.forwarding": "1",
  "net.ipv6.conf.all.accept_ra": "0",
  "net.ipv6.conf.default.accept_ra": "0",
  "net.ipv6.conf.default.keep_addr_on_down": "1",
  "net.ipv6.icmp.ratelimit": "0",
} as const;
