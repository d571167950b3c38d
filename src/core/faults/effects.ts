/** What faults change of what a BNG does, as data: its loops compare with settings and effects, so none heals a fault away. */
import type { Prefix6 } from "../ip6.ts";
import type { HeldLease, Way } from "./fault.ts";

/**
 * Where a packet is met. `forwarded`: on its way through the BNG, after source validation. `to-bng` and `from-bng`: what it
 * is told and what it says itself. `port-in`: whatever comes by the subscriber port, after source validation. `port-out`:
 * whatever leaves by it, as the last before the wire.
 */
export type PacketPlace = "forwarded" | "to-bng" | "from-bng" | "port-in" | "port-out";

/** A rule for packets. */
export interface PacketRule {
  /** The fault whose counter counts what is met. */
  readonly fault: string;
  readonly way: Way;
  readonly place: PacketPlace;
  /** nftables' words that choose packets. */
  readonly match: string;
  /** What happens to them, in nftables' words; left out, they are only counted. */
  readonly verdict?: string;
}

/** What router advertisements say in the place of what the settings say. */
export interface RaEffects {
  readonly mtu?: number;
  readonly lifetimeS?: number;
  /** Some of them are lost on purpose: who sends them may complain of it. */
  readonly lost?: true;
}

/** All of it. */
export interface Effects {
  /** In the order in which a packet meets them. */
  readonly packets: readonly PacketRule[];
  readonly ra: RaEffects;
  /** Whether the subscriber port is set down. */
  readonly portDown: boolean;
  /** Whether the tunnel's interface is set down. */
  readonly tunnelDown: boolean;
  /** The largest packet that is forwarded on each way; left out, it is what the links carry. */
  readonly mtu: Readonly<Partial<Record<Way, number>>>;
  /** Delegations within these are not routed. */
  readonly unrouted: readonly Prefix6[];
  /** Leases that are gone, and are routed all the same. */
  readonly held: readonly HeldLease[];
}

/** A provider that does what its settings say. */
export const NO_EFFECTS: Effects = {
  packets: [],
  ra: {},
  portDown: false,
  tunnelDown: false,
  mtu: {},
  unrouted: [],
  held: [],
};

/** The effects of a fault on top of those of the faults before it. */
export function mergeEffects(before: Effects, more: Partial<Effects>): Effects {
  return {
    packets: [...before.packets, ...(more.packets ?? [])],
    ra: { ...before.ra, ...more.ra },
    portDown: before.portDown || more.portDown === true,
    tunnelDown: before.tunnelDown || more.tunnelDown === true,
    mtu: { ...smaller("up", before.mtu, more.mtu), ...smaller("down", before.mtu, more.mtu) },
    unrouted: [...before.unrouted, ...(more.unrouted ?? [])],
    held: [...before.held, ...(more.held ?? [])],
  };
}

/** Of two narrow places on a way the narrower one counts. */
function smaller(way: Way, one: Effects["mtu"], other: Effects["mtu"] = {}): Effects["mtu"] {
  const found = [one[way], other[way]].filter((mtu) => mtu !== undefined);
  return found.length === 0 ? {} : { [way]: Math.min(...found) };
}
