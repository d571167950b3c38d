import { formatIp6, parseIp6, prefixOf, type Prefix6 } from "../ip6.ts";
import { stableHash } from "../names.ts";

/** Everything of the bundled internet lives in this prefix; no provider may overlap it. */
export const INTERNET_PREFIX: Prefix6 = prefixOf(parseIp6("2001:db8::") ?? 0n, 48);
/** The well-known address: answers pings, DNS, HTTP and iperf3. */
export const INTERNET_ADDRESS = "2001:db8::1";
/** DNS names that resolve to INTERNET_ADDRESS. */
export const INTERNET_NAMES = ["internet.example", "whoami.example"] as const;

/** The file INTERNET_CONFIG inside the internet's container; keys lie beside it as `<provider>.key`. */
export interface InternetConfig {
  readonly lab: string;
  readonly peers: readonly InternetPeer[];
}

/** One tunnel of the bundled internet. */
export interface InternetPeer {
  readonly provider: string;
  /** UDP port in the birth namespace. */
  readonly listenPort: number;
  /** Public key of the BNG. */
  readonly publicKey: string;
  /** The internet's address inside the tunnel, with length. */
  readonly localAddress: string;
  /** The BNG's address inside the tunnel, without length. */
  readonly remoteAddress: string;
  /** The provider's prefix, routed into the tunnel and the only sources accepted from it. */
  readonly prefix: string;
  readonly mtu: number;
  /** Whether a pre-shared key lies beside the key, as `<provider>.psk`. */
  readonly presharedKey?: boolean;
}

/** Where one bundled tunnel ends: derived from names, and where two names meet from their order. */
export interface BundledTunnel {
  readonly provider: string;
  readonly listenPort: number;
  /** The BNG's address, `/64`. */
  readonly bngAddress: string;
  /** The internet's address, `/64`. */
  readonly internetAddress: string;
}

const FIRST_PORT = 20000;
const PORTS = 12000;
const SUBNETS = 0xffff;

/**
 * Ports and transfer networks of a lab's bundled tunnels. Each is a hash of the provider's name; of two that want the same,
 * the first in the list has it and the later one takes the next that is free. So one that comes at the end of the list moves
 * no other; one that comes or goes elsewhere moves those that it meets. How often that is: of 12000 ports two of 10
 * providers want the same in 0.4 % of all labs, two of 50 in 10 %; of 65535 networks in 0.07 % and 2 %.
 */
export function bundledTunnels(lab: string, providers: readonly string[]): BundledTunnel[] {
  const ports = new Set<number>();
  const subnets = new Set<number>();
  return providers.map((provider) => {
    const hash = stableHash(`${lab}/${provider}`);
    const port = FIRST_PORT + take(ports, hash, PORTS);
    const number = take(subnets, hash >>> 7, SUBNETS) + 1;
    const network = INTERNET_PREFIX.bits | (BigInt(number) << 64n);
    return {
      provider,
      listenPort: port,
      bngAddress: `${formatIp6(network | 2n)}/64`,
      internetAddress: `${formatIp6(network | 1n)}/64`,
    };
  });
}

function take(used: Set<number>, wanted: number, size: number): number {
  let value = wanted % size;
  while (used.has(value)) value = (value + 1) % size;
  used.add(value);
  return value;
}
