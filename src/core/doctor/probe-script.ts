/** The script that a probe container runs, and how its output is taken apart. */

/** Kernel features that are tried in the probe's own network, each by making one. */
export const TRIED = {
  wireguard: "ip link add mhp0 type wireguard",
  veth: "ip link add mhp1 type veth peer name mhp2",
  bridge: "ip link add mhp3 type bridge",
  macvlan: "ip link add link mhp1 name mhp4 type macvlan",
  vlan: "ip link add link mhp1 name mhp5 type vlan id 101",
  qinq: "ip link add link mhp1 name mhp6 type vlan proto 802.1ad id 102",
  netem: "tc qdisc add dev mhp1 root netem delay 1ms",
  tun: "ip tuntap add dev mhp7 mode tun",
} as const;
export type Tried = keyof typeof TRIED;

/**
 * Prints one section per fact; what a program lacks (the plain base image has no iproute2) is a section that failed. The
 * host's /run lies under /host/run, its processes are visible, its network is entered by the bind mount.
 */
export const PROBE_SCRIPT = `
birth() { nsenter --net=/var/run/netns/host "$@"; }
section() { printf '@@ %s\\n' "$1"; shift; "$@" 2>&1; printf '\\n@@= %s\\n' "$?"; }
lines() { for file in "$@"; do [ -r "$file" ] && printf '%s %s\\n' "\${file##*/}" "$(tr '\\n' ' ' < "$file")"; done; true; }
section kernel uname -r
section time date +%s
section disk df -Pk /
section capabilities grep CapEff /proc/self/status
section enter birth true
section ipv6 birth sh -c 'for scope in all default lo; do echo "$scope $(cat /proc/sys/net/ipv6/conf/$scope/disable_ipv6)"; done'
section forwarding birth cat /proc/sys/net/ipv6/conf/all/forwarding
section accept-ra birth sh -c 'cd /proc/sys/net/ipv6/conf && grep . */accept_ra */forwarding */disable_ipv6'
section bridge-calls birth cat /proc/sys/net/bridge/bridge-nf-call-ip6tables
section legacy birth cat /proc/net/ip6_tables_names
section ruleset birth nft -j list ruleset
section links birth ip -j -d addr show
section routes4 birth ip -j -4 route show default
section routes6 birth ip -j -6 route show default
section ssh birth ss -Htn state established 'sport = :22'
section processes sh -c 'cat /proc/[0-9]*/comm'
section networkmanager lines /host/run/NetworkManager/devices/*
section networkd lines /host/run/systemd/netif/links/*
${Object.entries(TRIED)
  .map(([name, command]) => `section try-${name} ${command}`)
  .join("\n")}
`;

/** What a section said, and whether its command succeeded. */
export interface Section {
  readonly text: string;
  readonly ok: boolean;
}

/** Takes the output of the script apart. */
export function parseSections(output: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  for (const match of output.matchAll(/^@@ (\S+)\n([^]*?)\n@@= (\d+)$/gm)) {
    sections.set(match[1] ?? "", { text: (match[2] ?? "").trim(), ok: match[3] === "0" });
  }
  return sections;
}
