import { formatIp6, parseIp6, prefixOf, type Prefix6 } from "../ip6.ts";
import { stableHash, takeFree } from "../names.ts";
import type { ProviderServices } from "./services.ts";

/** Everything of the bundled internet lives in this prefix; no provider may overlap it. */
export const INTERNET_PREFIX: Prefix6 = prefixOf(parseIp6("2001:db8::") ?? 0n, 48);
/** The well-known address: answers pings, DNS, HTTP and iperf3. */
export const INTERNET_ADDRESS = "2001:db8::1";
/** The well-known address of those who have no IPv6. */
export const INTERNET_ADDRESS4 = "192.0.2.1";
/** The name that has only this address. */
export const IPV4_ONLY_NAME = "ipv4only.example";
/** DNS names that resolve to INTERNET_ADDRESS. */
export const INTERNET_NAMES = ["internet.example", "whoami.example"] as const;

/** The file INTERNET_CONFIG inside the internet's container; keys lie beside it as `<provider>.key`. */
export interface InternetConfig {
  readonly lab: string;
  readonly peers: readonly InternetPeer[];
  /** What is done for single providers; left out when there is nothing. */
  readonly services?: readonly ProviderServices[];
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
  /** Those in its place while the provider is renumbered; not in the file. */
  readonly prefixes?: readonly string[];
  readonly mtu: number;
  /** Where the internet answers within the provider's prefix; left out where there is no room. */
  readonly cache?: string;
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
  /** Where the provider's own resolver is, if it has one. */
  readonly resolverAddress: string;
  /** Whom errors of the provider's NAT64 are from, if it has one. */
  readonly translatorAddress: string;
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
    const port = FIRST_PORT + takeFree(ports, hash, PORTS);
    const number = takeFree(subnets, hash >>> 7, SUBNETS) + 1;
    const network = INTERNET_PREFIX.bits | (BigInt(number) << 64n);
    return {
      provider,
      listenPort: port,
      bngAddress: `${formatIp6(network | 2n)}/64`,
      internetAddress: `${formatIp6(network | 1n)}/64`,
      resolverAddress: formatIp6(network | 0x53n),
      translatorAddress: formatIp6(network | 0x64n),
    };
  });
}
