/** The scripts that look at a host; core/model/host/facts.ts reads their output. */
import { ROOM_FILES } from "../../core/model/host/room.ts";
import { SECTION_FUNCTION } from "../../core/model/host/sections.ts";
import { FEATURES } from "./features.ts";

/** The host's network, by a function `birth` that runs a command there. */
const NETWORK = `section links birth ip -j -d addr show
section routes4 birth ip -j -4 route show default
section routes6 birth ip -j -6 route show default
section ssh birth ss -Htn state established 'sport = :22'`;

/**
 * For a container. Prints one section per fact; what a program lacks (the plain base image has no iproute2) is a section that failed. The
 * host's /run lies under /host/run, its processes are visible, its network is entered by the bind mount.
 */
export const PROBE_SCRIPT = `
birth() { nsenter --net=/var/run/netns/host "$@"; }
${SECTION_FUNCTION}
lines() { for file in "$@"; do [ -r "$file" ] && printf '%s %s\\n' "\${file##*/}" "$(tr '\\n' ' ' < "$file")"; done; true; }
section kernel uname -r
section time date +%s
section disk df -Pk /
section room cat ${ROOM_FILES.join(" ")}
section capabilities grep CapEff /proc/self/status
section enter birth true
section ipv6 birth sh -c 'for scope in all default lo; do echo "$scope $(cat /proc/sys/net/ipv6/conf/$scope/disable_ipv6)"; done'
section forwarding birth cat /proc/sys/net/ipv6/conf/all/forwarding
section neighbours birth cat /proc/sys/net/ipv6/neigh/default/gc_thresh3
section accept-ra birth sh -c 'cd /proc/sys/net/ipv6/conf && grep . */accept_ra */forwarding */disable_ipv6'
section bridge-calls birth cat /proc/sys/net/bridge/bridge-nf-call-ip6tables
section legacy birth cat /proc/net/ip6_tables_names
section ruleset birth nft -j list ruleset
${NETWORK}
section processes sh -c 'cat /proc/[0-9]*/comm'
section networkmanager lines /host/run/NetworkManager/devices/*
section networkd lines /host/run/systemd/netif/links/*
${FEATURES.map(({ name, attempt }) => `section try-${name} ${attempt}`).join("\n")}
`;

/** For this machine, without a container: its network, and whether the kernel has WireGuard. Makes nothing. */
export const HERE_SCRIPT = `
PATH="$PATH:/usr/sbin:/sbin"
birth() { "$@"; }
${SECTION_FUNCTION}
wireguard() {
  [ -e /sys/module/wireguard ] && return
  cd "/lib/modules/$(uname -r)" || { echo not found; return 1; }
  grep -qs /wireguard.ko modules.dep modules.builtin
}
${NETWORK}
section try-wireguard wireguard
`;
