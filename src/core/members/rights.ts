/** Rights, limits and kernel settings of the roles. */
import type { Limits } from "../confinement/limits.ts";
import type { Role } from "./role.ts";

/**
 * NET_ADMIN and NET_RAW do the work, SYS_ADMIN enters the birth namespace. The others serve to run everything else with less:
 * under users of their own, whose folders and sockets only root without bounds may use beside them.
 */
export const NETWORK_CAPABILITIES = [
  "NET_ADMIN",
  "NET_RAW",
  "SYS_ADMIN",
  "SETPCAP",
  "SETUID",
  "SETGID",
  "CHOWN",
  "DAC_OVERRIDE",
  "KILL",
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
  internet: { pids: 8192, memoryMb: 8192 },
  cpe: { pids: 512, memoryMb: 512 },
  host: { pids: 1024, memoryMb: 1024 },
  keeper: { pids: 256, memoryMb: 256 },
} as const satisfies Record<Role, Limits>;
