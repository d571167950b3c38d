import { formatIp6 } from "../ip6.ts";
import { formatEndpoint, isIpv4, type Endpoint } from "../values/parse.ts";
import { address, endpoint, publicKey, tunnelAddress } from "../values/scalars-network.ts";
import { onOff, seconds, text, whole } from "./codec.ts";
import { setting, type Section } from "./setting.ts";

/** WireGuard's overhead over IPv6 is 80 bytes: 1500 less that. */
const TUNNEL_MTU = 1420;
/** Over IPv4 the overhead is 60 bytes. */
const TUNNEL_MTU_OVER_IPV4 = 1440;

/** This side's address in a tunnel, with the length of the network there. */
interface TunnelAddress {
  readonly address: bigint;
  readonly length: number;
}

/** The tunnel to the far side. */
export const wireguard = {
  endpoint: setting({
    path: "wireguard.endpoint",
    codec: text<Endpoint>({
      read: endpoint,
      format: formatEndpoint,
    }),
    default: { required: true },
    group: "wireguard",
    text: {
      schema: "Where the far side listens: IPv4, [IPv6] or a name, with the port.",
      lab: 'where the far side listens: an IPv4 address, an IPv6 address in brackets and quotes (`"[2001:db8::1]:51820"`) or a name, and the port',
    },
    ask: { flag: "endpoint", message: "Endpoint" },
    examples: ["192.0.2.42:51820", "[2001:db8::1]:51820", "vpn.example.net:51820"],
  }),
  peer: setting({
    path: "wireguard.peer",
    codec: text<string>({
      read: publicKey,
      schema: { pattern: "[A-Za-z0-9+/]{43}=" },
    }),
    default: { required: true },
    group: "wireguard",
    text: {
      schema: "The far side's public key, as `wg pubkey` prints it.",
      lab: "the far side's public key, as `wg pubkey` prints it",
    },
    ask: { flag: "peer", message: "Public key" },
    examples: ["xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="],
  }),
  address: setting({
    path: "wireguard.address",
    codec: text<TunnelAddress>({
      read: tunnelAddress,
      format: (inside) => `${formatIp6(inside.address)}/${inside.length}`,
    }),
    default: { required: true },
    group: "wireguard",
    text: {
      schema: "This side's address inside the tunnel; without a length, /128.",
      lab: "this side's address inside the tunnel, from a network that is not the provider's transfer network or pool; without a length, /128",
    },
    ask: { flag: "address", message: "Tunnel address" },
    examples: ["2001:db8:0:a::2/64"],
  }),
  mtu: setting({
    path: "wireguard.mtu",
    codec: whole(1280, 9000, "bytes"),
    default: {
      // What a path of 1500 bytes carries; a name may mean IPv6.
      from: ({ internet, endpoint: far }) =>
        internet === "real" && far !== undefined && isIpv4(far.host) ? TUNNEL_MTU_OVER_IPV4 : TUNNEL_MTU,
      says: `\`${TUNNEL_MTU_OVER_IPV4}\` when \`endpoint\` is an IPv4 address, else \`${TUNNEL_MTU}\``,
    },
    group: "wireguard",
    text: {
      schema: "MTU of the tunnel; 1440 to an IPv4 endpoint, else 1420 by default.",
      lab: "1280 to 9000. The default fits a path of 1500 bytes: WireGuard takes 60 bytes over IPv4 and 80 over IPv6, and a name may turn out to be either",
    },
    examples: [TUNNEL_MTU],
  }),
  keepaliveS: setting({
    path: "wireguard.keepalive",
    codec: seconds(0, 65_535),
    // What WireGuard recommends behind a NAT.
    default: { value: 25 },
    group: "wireguard",
    text: {
      schema: "Interval of WireGuard's keepalives; 0s turns them off.",
      lab: "0s (none) to 18h12m15s",
    },
  }),
  probe: setting({
    path: "wireguard.probe",
    codec: text<bigint>({ read: address, format: formatIp6 }),
    default: { value: undefined },
    group: "wireguard",
    text: {
      schema: "Address whose round trip through the tunnel is measured.",
      lab: "an IPv6 address whose round trip through the tunnel is measured",
    },
    ask: {
      flag: "probe",
      message: "Probe",
      explain:
        "An address that is pinged through the tunnel all the time, so that a dead far side is seen in seconds; `none` for none.",
      always: true,
    },
    examples: ["2001:db8:0:a::1"],
  }),
  presharedKey: setting({
    path: "wireguard.preshared-key",
    codec: onOff,
    default: { value: false },
    group: "wireguard",
    text: {
      schema: "Whether mhlab makes a pre-shared key, which both sides add to their handshake.",
      lab: "`true`: mhlab makes a pre-shared key, which both sides mix into their handshake; `mhlab keys show` says where the file is that a real far side needs",
    },
  }),
  clampMss: setting({
    path: "wireguard.clamp-mss",
    codec: onOff,
    default: { value: false },
    group: "wireguard",
    text: {
      schema: "Whether the BNG lowers TCP's segment size to what the tunnel carries, both ways.",
      lab: '`true`: the BNG lowers TCP\'s segment size (MSS) to what the tunnel carries, in both directions. Real IPv6 providers rely on path MTU discovery instead; turn it on where the way to the far side swallows "packet too big"',
    },
  }),
} satisfies Section;
