/** Rights, limits and kernel settings of the roles. */
import type { Limits } from "../confinement/limits.ts";
import type { Role } from "../../model/role.ts";

/** To run everything but the agent with less: under other users, and without what is in the way. */
export const CONFINING_CAPABILITIES = ["SETPCAP", "SETUID", "SETGID", "KILL"] as const;

/**
 * NET_ADMIN and NET_RAW do the work, SYS_ADMIN enters the birth namespace; CHOWN and DAC_OVERRIDE serve to share folders and
 * sockets with programs that run under users of their own.
 */
export const NETWORK_CAPABILITIES = [
  "NET_ADMIN",
  "NET_RAW",
  "SYS_ADMIN",
  ...CONFINING_CAPABILITIES,
  "CHOWN",
  "DAC_OVERRIDE",
] as const;

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

/** Several times what was measured, see docs/security.md. The internet has a process of a dozen threads per tunnel where the kernel has no WireGuard. */
export const LIMITS = {
  bng: { pids: 1024, memoryMb: 768 },
  internet: { pids: 8192, memoryMb: 4096 },
  cpe: { pids: 512, memoryMb: 512 },
  host: { pids: 1024, memoryMb: 1024 },
  keeper: { pids: 256, memoryMb: 256 },
} as const satisfies Record<Role, Limits>;
