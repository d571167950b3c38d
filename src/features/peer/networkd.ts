import { renderFirewall } from "./firewall.ts";
import {
  ON_LINK_METRIC,
  UNREACHABLE_METRIC,
  VARIANT_NOTES,
  type FarFile,
  type FarPeer,
  type FarSide,
  type Listener,
} from "./model.ts";
import { renderNdppd } from "./ndppd.ts";

const FOLDER = "/etc/systemd/network";

/** systemd-networkd's files for each listener, with sysctl.d, an nftables file and ndppd's where the variant needs it. */
export function renderNetworkd(farSide: FarSide): FarFile[] {
  const ndppd = renderNdppd(farSide, farSide.uplink ?? "eth0");
  return [
    ...farSide.listeners.flatMap((listener) => [
      { path: `${FOLDER}/70-${listener.interface}.netdev`, text: renderNetdev(farSide, listener) },
      { path: `${FOLDER}/70-${listener.interface}.network`, text: renderNetwork(farSide, listener) },
    ]),
    ...renderFirewall(farSide),
    { path: "/etc/sysctl.d/70-mhlab.conf", text: renderSysctl(farSide) },
    ...(ndppd === undefined ? [] : [{ path: "/etc/ndppd.conf", text: ndppd }]),
  ];
}

function renderNetdev(farSide: FarSide, listener: Listener): string {
  return [
    `# The far side of the lab '${farSide.lab}' on ${farSide.server}`,
    ...VARIANT_NOTES[farSide.variant].map((line) => `# ${line}`),
    `# ${listener.privateKeyFile} and pre-shared keys have to be readable by systemd-network: chown root:systemd-network, mode 0640.`,
    `# The public half has to be ${listener.publicKey}`,
    "[NetDev]",
    `Name=${listener.interface}`,
    "Kind=wireguard",
    `MTUBytes=${listener.mtu}`,
    "",
    "[WireGuard]",
    `PrivateKeyFile=${listener.privateKeyFile}`,
    `ListenPort=${listener.port}`,
    ...listener.peers.flatMap(renderPeer),
    "",
  ].join("\n");
}

function renderPeer({ provider, publicKey, presharedKeyFile, allowedIps, keepaliveS }: FarPeer): string[] {
  return [
    "",
    `# provider ${provider}`,
    "[WireGuardPeer]",
    `PublicKey=${publicKey}`,
    ...(presharedKeyFile === undefined ? [] : [`PresharedKeyFile=${presharedKeyFile}`]),
    `AllowedIPs=${allowedIps.join(",")}`,
    `PersistentKeepalive=${keepaliveS}`,
  ];
}

function renderNetwork({ variant }: FarSide, { interface: name, addresses, peers }: Listener): string {
  const metric = variant === "on-link" ? [`Metric=${ON_LINK_METRIC}`] : [];
  return [
    "[Match]",
    `Name=${name}`,
    "",
    "[Network]",
    ...addresses.map((address) => `Address=${address}/128`),
    "LinkLocalAddressing=no",
    "IPv6AcceptRA=no",
    ...peers.flatMap(({ address, prefixes }) => [
      "",
      "[Route]",
      `Destination=${address}/128`,
      ...prefixes.flatMap((prefix) => [
        "",
        "[Route]",
        `Destination=${prefix}`,
        ...metric,
        "",
        "[Route]",
        `Destination=${prefix}`,
        "Type=unreachable",
        `Metric=${UNREACHABLE_METRIC}`,
      ]),
    ]),
    "",
  ].join("\n");
}

function renderSysctl({ variant, uplink = "eth0" }: FarSide): string {
  return [
    "net.ipv6.conf.all.forwarding=1",
    "# A server that hears its default route from a router (RA) forgets it once it forwards, unless told otherwise:",
    "# where networkd runs the uplink, by IPv6AcceptRA=yes in the [Network] part of its .network file, else by:",
    `#net.ipv6.conf.${uplink}.accept_ra=2`,
    ...(variant === "on-link" || variant === "nptv6" ? [`net.ipv6.conf.${uplink}.proxy_ndp=1`] : []),
    "",
  ].join("\n");
}
