import {
  ON_LINK_METRIC,
  SERVER_FOLDER,
  UNREACHABLE_METRIC,
  VARIANT_NOTES,
  type FarFile,
  type FarPeer,
  type FarSide,
  type Listener,
} from "./model.ts";
import { proxiedPrefixes, renderNdppd } from "./ndppd.ts";
import { firewallRules, renderTableLine, tableName } from "./nftables.ts";

/** wg-quick's configuration of each listener, and ndppd's where the prefixes are on-link. Keys are read from files by hooks. */
export function renderWgQuick(farSide: FarSide): FarFile[] {
  const ndppd = renderNdppd(farSide, farSide.uplink ?? "eth0");
  return [
    ...farSide.listeners.map((listener) => ({
      path: `${SERVER_FOLDER}/${listener.interface}.conf`,
      text: renderListener(farSide, listener),
    })),
    ...(ndppd === undefined ? [] : [{ path: "/etc/ndppd.conf", text: ndppd }]),
  ];
}

function renderListener(farSide: FarSide, listener: Listener): string {
  const { interface: name, port, mtu, addresses, peers, publicKey, privateKeyFile } = listener;
  const { input, forward } = firewallRules(listener);
  const onLink = farSide.variant === "on-link";
  return [
    `# ${SERVER_FOLDER}/${name}.conf: the far side of the lab '${farSide.lab}' on ${farSide.server}`,
    ...VARIANT_NOTES[farSide.variant].map((line) => `# ${line}`),
    `# The private key stays in ${privateKeyFile}; its public half has to be`,
    `#   ${publicKey}`,
    "# A firewall of this server that drops by default has to let through:",
    ...[...input, ...forward].map((rule) => `#   ${rule}`),
    `# Start: systemctl enable --now wg-quick@${name}`,
    "",
    "[Interface]",
    `ListenPort = ${port}`,
    `MTU = ${mtu}`,
    ...addresses.map((address) => `Address = ${address}/128`),
    ...(onLink ? ["Table = off"] : []),
    ...kernelHooks(),
    `PostUp = wg set %i private-key ${privateKeyFile}`,
    ...peers.flatMap((peer) => peerHooks(peer, onLink)),
    `PostUp = nft '${renderTableLine(farSide, listener)}'`,
    ...(proxiedPrefixes(farSide).length > 0
      ? [`PostUp = sysctl -qw net.ipv6.conf.${farSide.uplink ?? "eth0"}.proxy_ndp=1`]
      : []),
    ...peers.flatMap(({ prefixes }) =>
      prefixes.map(
        (prefix) => `PostDown = ip -6 route del unreachable ${prefix} metric ${UNREACHABLE_METRIC} || true`,
      ),
    ),
    `PostDown = nft delete table inet ${tableName(listener)} || true`,
    ...peers.flatMap(renderPeer),
    "",
  ].join("\n");
}

/** accept_ra first: a kernel that forwards forgets the default route it heard from a router, unless accept_ra is 2. */
function kernelHooks(): string[] {
  return [
    'PreUp = for file in /proc/sys/net/ipv6/conf/*/accept_ra; do [ "$(cat $file)" != 1 ] || echo 2 > $file; done',
    "PreUp = sysctl -qw net.ipv6.conf.all.forwarding=1",
  ];
}

function peerHooks({ publicKey, presharedKeyFile, address, prefixes }: FarPeer, onLink: boolean): string[] {
  return [
    ...(presharedKeyFile === undefined
      ? []
      : [`PostUp = wg set %i peer ${publicKey} preshared-key ${presharedKeyFile}`]),
    ...(onLink
      ? [
          `PostUp = ip -6 route replace ${address}/128 dev %i`,
          ...prefixes.map(
            (prefix) => `PostUp = ip -6 route replace ${prefix} dev %i metric ${ON_LINK_METRIC}`,
          ),
        ]
      : []),
    ...prefixes.map(
      (prefix) => `PostUp = ip -6 route replace unreachable ${prefix} metric ${UNREACHABLE_METRIC}`,
    ),
  ];
}

function renderPeer({ provider, publicKey, allowedIps, keepaliveS }: FarPeer): string[] {
  return [
    "",
    `# provider ${provider}`,
    "[Peer]",
    `PublicKey = ${publicKey}`,
    `AllowedIPs = ${allowedIps.join(", ")}`,
    `PersistentKeepalive = ${keepaliveS}`,
  ];
}
