/** What a WireGuard device is told, and what it tells, by whichever way it is asked. */

export interface WireguardPeer {
  publicKey: string;
  presharedKey?: string;
  /** `address:port`, resolved. */
  endpoint?: string;
  allowedIps: readonly string[];
  keepaliveS?: number;
}

export interface WireguardSettings {
  privateKey: string;
  listenPort?: number;
  peers: readonly WireguardPeer[];
}

export interface WireguardPeerState {
  publicKey: string;
  endpoint: string | undefined;
  /** Unix time in seconds of the last handshake; undefined before the first. */
  handshakeAt: number | undefined;
  rxBytes: number;
  txBytes: number;
}

export interface WireguardState {
  /** The device's own. */
  readonly publicKey: () => Promise<string>;
  listenPort: number;
  peers: WireguardPeerState[];
}
