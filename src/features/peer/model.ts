/** How the server on the internet came to its addresses, and so what it has to do for ours. */
export const VARIANTS = ["routed", "on-link", "nat66", "nptv6"] as const;
export type Variant = (typeof VARIANTS)[number];

/** How what it has to do is written, but for the script. */
export const FILE_FORMATS = ["wg-quick", "networkd", "nftables"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** Everything that one server has to do for a lab: plain data, without any secret. */
export interface FarSide {
  readonly lab: string;
  /** Host of the endpoint that the lab file names. */
  readonly server: string;
  readonly variant: Variant;
  /** The server's interface towards the internet; undefined when it is to be found out there. */
  readonly uplink: string | undefined;
  /** One WireGuard interface per port. */
  readonly listeners: readonly Listener[];
}

export interface Listener {
  readonly interface: string;
  readonly port: number;
  readonly mtu: number;
  /** What the lab file says that the server's public key is. */
  readonly publicKey: string;
  /** Where the server keeps its private key; mhlab never has it. */
  readonly privateKeyFile: string;
  /** The server's own addresses inside the tunnels. */
  readonly addresses: readonly string[];
  readonly peers: readonly FarPeer[];
}

export interface FarPeer {
  readonly provider: string;
  readonly publicKey: string;
  /** Where the server keeps the pre-shared key; undefined when there is none. */
  readonly presharedKeyFile: string | undefined;
  /** The BNG's address inside the tunnel. */
  readonly address: string;
  readonly prefix: string;
  /** All that is routed to it: more than that one while it is renumbered. */
  readonly prefixes: readonly string[];
  readonly allowedIps: readonly string[];
  readonly keepaliveS: number;
  /** With NPTv6, the prefix that the internet sees instead. */
  readonly outside: string | undefined;
}

/** A file of the server. */
export interface FarFile {
  readonly path: string;
  readonly text: string;
}

/** Above every other metric: what no tunnel takes ends here, instead of going round between server and provider. */
export const UNREACHABLE_METRIC = 4_278_198_272;
/** Below the kernel's 256 for a prefix on the link, so that an on-link prefix goes into the tunnel. */
export const ON_LINK_METRIC = 64;
/** What `ip -6 route` takes when nothing is said. */
export const USUAL_METRIC = 1024;

/** Folder of keys and wg-quick's configurations on a server. */
export const SERVER_FOLDER = "/etc/wireguard";

/** What the variant means, as lines for comments; a compromise is called one. */
export const VARIANT_NOTES: Readonly<Record<Variant, readonly string[]>> = {
  routed: ["The prefixes are routed to this server: they only have to go on into the tunnel."],
  "on-link": [
    "The prefixes are on-link at this server's uplink: its router asks by neighbour discovery for every address,",
    "so the server answers for all of them (NDP proxy). A routed prefix is the better thing to ask a hoster for.",
  ],
  nat66: [
    "A COMPROMISE: this server has no prefix for the lab, so all of it hides behind the server's own address (NAT66).",
    "Nothing can be reached from outside, and whatever tells a client its own address tells it the server's.",
    "Do not measure end-to-end behaviour with it.",
  ],
  nptv6: [
    "A COMPROMISE: this server has a prefix, but the lab numbers itself from another; one is translated to the other,",
    "address by address (like NPTv6, RFC 6296, but stateful and not checksum-neutral). Inbound works,",
    "yet hosts do not know the addresses that the internet sees.",
  ],
};
