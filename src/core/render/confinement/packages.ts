import type { PROGRAMS } from "./programs.ts";

/** The Debian package of each program that a node runs; null for mhlab's own. */
const PACKAGES: Readonly<Record<keyof typeof PROGRAMS, string | null>> = {
  kea: "kea-dhcp6-server",
  bird: "bird2",
  radvd: "radvd",
  rdisc6: "ndisc6",
  dhcpcd: "dhcpcd-base",
  dhcpcdAlone: "dhcpcd-base",
  networkd: "systemd",
  dhcp6c: "wide-dhcpv6-client",
  tcpdump: "tcpdump",
  wireguard: "wireguard-go",
  dnsmasq: "dnsmasq-base",
  named: "bind9",
  tayga: "tayga",
  iperf3: "iperf3",
  ping: "iputils-ping",
  probe: null,
  ip: "iproute2",
  monitor: "iproute2",
  lookup: null,
};

/** Packages whose versions a record of a run states: all daemons, and what decides how nodes behave besides. */
export const RECORDED_PACKAGES: readonly string[] = [
  ...new Set([
    ...Object.values(PACKAGES).flatMap((name) => name ?? []),
    "catatonit",
    "curl",
    "libc6",
    "nftables",
    "wireguard-tools",
  ]),
].sort();
