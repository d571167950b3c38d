/** Under whose name a program of a member runs, and what it may do beside what everybody may. */
export interface Confinement {
  /** A user of the image. */
  readonly user: string;
  /** Capabilities as setpriv(1) writes them. */
  readonly capabilities: readonly ("net_raw" | "net_admin")[];
}

/**
 * Every program that a member keeps running beside its agent, and those that read what strangers say. Ports below 1024 need
 * no right: the engine opens them inside of containers. None may enter a namespace, read a key or write what another runs.
 */
export const PROGRAMS = {
  kea: { user: "_kea", capabilities: [] },
  // Router advertisements, solicitations and captures go by raw sockets.
  bird: { user: "bird", capabilities: ["net_raw"] },
  radvd: { user: "radvd", capabilities: ["net_raw"] },
  rdisc6: { user: "nobody", capabilities: ["net_raw"] },
  dhcpcd: { user: "dhcp-client", capabilities: ["net_raw"] },
  tcpdump: { user: "tcpdump", capabilities: ["net_raw"] },
  // Makes a device, in the host's network.
  wireguard: { user: "wireguard", capabilities: ["net_admin"] },
  dnsmasq: { user: "dnsmasq", capabilities: [] },
  iperf3: { user: "iperf3", capabilities: [] },
  ping: { user: "nobody", capabilities: [] },
  // Everybody may hear what changes in a network, and ask for names.
  monitor: { user: "nobody", capabilities: [] },
  lookup: { user: "nobody", capabilities: [] },
} as const satisfies Record<string, Confinement>;
