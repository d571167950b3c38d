/** What faults change of what a BNG does, as data: its loops compare with settings and effects, so none heals a fault away. */
import type { Way } from "./fault.ts";

/**
 * Where a packet is met. `forwarded`: on its way through the BNG, after source validation. `to-bng` and `from-bng`: what it
 * is told and what it says itself. `port-out`: whatever leaves by the subscriber port, as the last before the wire.
 */
export type PacketPlace = "forwarded" | "to-bng" | "from-bng" | "port-out";

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
}

/** All of it. */
export interface Effects {
  /** In the order in which a packet meets them. */
  readonly packets: readonly PacketRule[];
  readonly ra: RaEffects;
}

/** A provider that does what its settings say. */
export const NO_EFFECTS: Effects = { packets: [], ra: {} };
