import {
  ON_LINK_METRIC,
  SERVER_FOLDER,
  USUAL_METRIC,
  VARIANT_NOTES,
  type FarPeer,
  type FarSide,
  type Listener,
} from "./model.ts";
import { proxiedPrefixes } from "./ndppd.ts";
import { renderTable } from "./nftables.ts";
import { SCRIPT_FUNCTIONS } from "./script-functions.ts";

/** An idempotent POSIX shell script that does all that a server has to, by ip, wg and nft, and undoes it. Holds no secret. */
export function renderScript(farSide: FarSide): string {
  const { lab, server, variant, uplink = "", listeners } = farSide;
  const metric = variant === "on-link" ? ON_LINK_METRIC : USUAL_METRIC;
  return [
    "#!/bin/sh",
    `# The far side of the lab '${lab}' on ${server}, made by: mhlab peer-config --format script`,
    ...VARIANT_NOTES[variant].map((line) => `# ${line}`),
    "#",
    "# As root: sh SCRIPT up      makes everything so; safe to repeat, also after a change of the lab",
    "#          sh SCRIPT down    takes it back",
    "#          sh SCRIPT status  what the tunnels do",
    "# KEYS=/folder of the keys  UPLINK=the interface to the internet",
    "# It survives no reboot: run it at boot, or use --format wg-quick or networkd.",
    "set -eu",
    "",
    `name='${lab}'`,
    `keys=\${KEYS:-${SERVER_FOLDER}}`,
    `uplink=\${UPLINK:-${uplink}}`,
    "proxy=${PROXY:-}",
    `metric=${metric}`,
    "",
    "lab() { # <up or down>",
    ...listeners.flatMap((listener) => lines(listener)),
    "}",
    "",
    "rules() { # <interface>",
    "  case $1 in",
    ...listeners.flatMap((listener) => [
      `  ${listener.interface}) cat << 'END'`,
      `${renderTable(farSide, listener)}END`,
      "  ;;",
    ]),
    "  esac",
    "}",
    "",
    SCRIPT_FUNCTIONS,
    "case ${1:-} in",
    "up)",
    '  [ "$(id -u)" = 0 ] || fail "this needs root: sudo sh $0 up"',
    "  need ip iproute2; need wg wireguard-tools; need nft nftables",
    '  mkdir -p "$state"',
    "  forward",
    "  lab up",
    `  up_proxy ${proxiedPrefixes(farSide).join(" ")}`.trimEnd(),
    "  ;;",
    "down)",
    '  [ "$(id -u)" = 0 ] || fail "this needs root: sudo sh $0 down"',
    "  lab down",
    "  down_proxy",
    "  restore_kernel",
    "  ;;",
    "status)",
    ...listeners.map((listener) => `  wg show ${listener.interface}`),
    "  ;;",
    '*) fail "usage: sh $0 up|down|status" ;;',
    "esac",
    "",
  ].join("\n");
}

function lines({ interface: name, port, mtu, publicKey, addresses, peers }: Listener): string[] {
  return [
    `  "$1_listener" ${name} ${port} ${mtu} '${publicKey}'`,
    ...addresses.map((address) => `  "$1_address" ${name} ${address}`),
    ...peers.map((peer) => peerLine(name, peer)),
    `  "$1_finish" ${name} ${port}`,
  ];
}

function peerLine(name: string, peer: FarPeer): string {
  const { publicKey, address, prefixes, keepaliveS, presharedKeyFile = "none", provider } = peer;
  return `  "$1_peer" ${name} '${publicKey}' ${address} ${prefixes.join(",")} ${keepaliveS} ${presharedKeyFile} # ${provider}`;
}
