import type { InternetPeer } from "./config.ts";

/** A tunnel as it should be: its peer and the private key of the internet's side. */
export interface DesiredTunnel {
  readonly peer: InternetPeer;
  readonly privateKey: string;
  readonly presharedKey?: string;
}

export interface TunnelChanges {
  /** Providers whose tunnel goes away. */
  readonly remove: string[];
  /** Providers whose tunnel is made, or made anew because something of it changed. */
  readonly make: string[];
}

/** What turns the present tunnels into the desired ones; a tunnel of which nothing changed is in neither list. */
export function tunnelChanges(
  present: readonly DesiredTunnel[],
  desired: readonly DesiredTunnel[],
): TunnelChanges {
  const old = new Map(present.map((tunnel) => [tunnel.peer.provider, JSON.stringify(tunnel)]));
  const wanted = new Map(desired.map((tunnel) => [tunnel.peer.provider, JSON.stringify(tunnel)]));
  return {
    remove: [...old.keys()].filter((provider) => !wanted.has(provider)),
    make: [...wanted].filter(([provider, text]) => old.get(provider) !== text).map(([provider]) => provider),
  };
}
