import type { InternetPeer } from "../../model/internet/config.ts";
import { prefixesOf } from "./told-prefixes.ts";

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
  /** Providers whose tunnel stays and gets other prefixes. */
  readonly renumber: string[];
}

/** What turns the present tunnels into the desired ones; a tunnel of which nothing changed is in neither list. */
export function tunnelChanges(
  present: readonly DesiredTunnel[],
  desired: readonly DesiredTunnel[],
): TunnelChanges {
  const old = new Map(present.map((tunnel) => [tunnel.peer.provider, tunnel]));
  const wanted = new Set(desired.map(({ peer }) => peer.provider));
  const isMade = (tunnel: DesiredTunnel): boolean => {
    const before = old.get(tunnel.peer.provider);
    return before === undefined || essence(before) !== essence(tunnel);
  };
  const isRenumbered = (tunnel: DesiredTunnel): boolean => {
    const before = old.get(tunnel.peer.provider);
    return before !== undefined && prefixesOf(before.peer).join() !== prefixesOf(tunnel.peer).join();
  };
  const providersOf = (tunnels: readonly DesiredTunnel[]): string[] =>
    tunnels.map(({ peer }) => peer.provider);
  return {
    remove: [...old.keys()].filter((provider) => !wanted.has(provider)),
    make: providersOf(desired.filter(isMade)),
    renumber: providersOf(desired.filter((tunnel) => !isMade(tunnel) && isRenumbered(tunnel))),
  };
}

/** All of a tunnel but its prefixes and what is in them, as one text. */
function essence({ peer, ...keys }: DesiredTunnel): string {
  const { prefix: _, prefixes: __, cache: ___, ...rest } = peer;
  return JSON.stringify({ ...keys, rest });
}
