import { LEASE_FOLDER, LEASE_NOTICES, NODE_FOLDER } from "../../model/names.ts";

/** Under whose name a program of a node runs, and what it may do beside what everybody may. */
export interface Confinement {
  /** A user of the image. */
  readonly user: string;
  /** Capabilities as setpriv(1) writes them. */
  readonly capabilities: readonly ("net_raw" | "net_admin")[];
  /** Folders and files that it may write, beside temporary ones. */
  readonly writes: readonly string[];
}

/**
 * Every program that a node keeps running beside its agent, and those that read what strangers say. Ports below 1024 need
 * no right: the engine opens them inside of containers. None may enter a namespace, read a key or write what another runs.
 */
export const PROGRAMS = {
  // Its hook reads the frames of DHCPv6, for the MACs of who sent them.
  kea: {
    user: "_kea",
    capabilities: ["net_raw"],
    writes: ["/run/kea", `${NODE_FOLDER}/kea`, LEASE_NOTICES],
  },
  // Router advertisements, solicitations and captures go by raw sockets.
  bird: { user: "bird", capabilities: ["net_raw"], writes: ["/run/bird"] },
  radvd: { user: "radvd", capabilities: ["net_raw"], writes: ["/run/radvd"] },
  rdisc6: { user: "nobody", capabilities: ["net_raw"], writes: [] },
  dhcpcd: {
    user: "dhcp-client",
    capabilities: ["net_raw"],
    // The image leads /var/lib/dhcpcd to the second.
    writes: ["/run/dhcpcd", "/run/dhcpcd-state", LEASE_FOLDER],
  },
  // What a CPE can run instead of mhlab's own: these number and route by themselves.
  dhcpcdAlone: {
    user: "dhcp-client",
    capabilities: ["net_raw", "net_admin"],
    writes: ["/run/dhcpcd", "/run/dhcpcd-state"],
  },
  networkd: {
    user: "systemd-network",
    capabilities: ["net_raw", "net_admin"],
    writes: [
      "/run/systemd/netif",
      "/run/systemd/netif/links",
      "/run/systemd/netif/leases",
      "/run/systemd/netif/lldp",
    ],
  },
  dhcp6c: { user: "dhcp-client", capabilities: ["net_raw", "net_admin"], writes: ["/run/dhcp6c"] },
  tcpdump: { user: "tcpdump", capabilities: ["net_raw"], writes: [`${NODE_FOLDER}/capture`] },
  // Makes a device, in the host's network.
  wireguard: { user: "wireguard", capabilities: ["net_admin"], writes: ["/run/wireguard"] },
  dnsmasq: { user: "dnsmasq", capabilities: [], writes: [] },
  // The resolvers that single providers have.
  named: { user: "bind", capabilities: [], writes: ["/run/mhlab/named"] },
  // Its device is made for it, and is its user's.
  tayga: { user: "tayga", capabilities: [], writes: [] },
  iperf3: { user: "iperf3", capabilities: [], writes: [] },
  ping: { user: "nobody", capabilities: [], writes: [] },
  // By sockets that everybody may have, as ping's.
  probe: { user: "nobody", capabilities: [], writes: [] },
  // Is told by the agent what to make of links, addresses and routes, and tells what the kernel says of them.
  ip: { user: "nobody", capabilities: ["net_admin"], writes: [] },
  // Everybody may hear what changes in a network, and ask for names.
  monitor: { user: "nobody", capabilities: [], writes: [] },
  lookup: { user: "nobody", capabilities: [], writes: [] },
} as const satisfies Record<string, Confinement>;
