/** What faults change of what a BNG does, as data: its loops compare with settings and effects, so none heals a fault away. */
import { least } from "../least.ts";
import type { Prefix6 } from "../ip6.ts";
import type { HeldLease, Way } from "./fault.ts";
import type { Trace } from "./trace.ts";

/** The port of a second router on the link, in the BNG's namespace. */
export const ROGUE_INTERFACE = "rogue0";

/**
 * Where a packet is met. `arriving`: before it is routed, whether it can be or not. `forwarded`: on its way through the BNG,
 * after source validation. `to-bng` and `from-bng`: what it is told and what it says itself. `port-in`: whatever comes by the
 * subscriber port, after source validation. `port-out`: whatever leaves by it, as the last before the wire.
 * `line`: whatever enters the line's queue of its way, after those.
 */
export type PacketPlace = "arriving" | "forwarded" | "to-bng" | "from-bng" | "port-in" | "port-out" | "line";

/** A rule for packets. */
export interface PacketRule {
  /** The fault whose counter counts what is met. */
  readonly fault: string;
  readonly way: Way;
  readonly place: PacketPlace;
  /** nftables' words that choose packets. */
  readonly match: string;
  /** What happens to them, in nftables' words, or `duplicate` on the line; left out, they are only counted. */
  readonly verdict?: string;
}

/** What router advertisements say in the place of what the settings say. */
export interface RaEffects {
  readonly mtu?: number;
  readonly lifetimeS?: number;
  /** Some of them are lost on purpose: who sends them may complain of it. */
  readonly lost?: true;
  /** The preferred lifetime of the link's prefix. */
  readonly preferredS?: number;
  /** Router and prefix are told in one advertisement, all else in another. */
  readonly split?: boolean;
  /** Another router on the link that advertises too. */
  readonly rogue?: Rogue;
}

/** A router that nobody asked for. */
export interface Rogue {
  readonly prefix: Prefix6;
  readonly preference: "low" | "medium" | "high";
  readonly lifetimeS: number;
}

/** What the DHCPv6 server says in the place of the truth; its leases stay what they are. */
export interface DhcpEffects {
  /** How late it answers. */
  readonly delayMs?: number;
  /** Who asks for a prefix is told that there is none. */
  readonly noPrefix?: boolean;
  /** Who renews or rebinds is told that he has nothing. */
  readonly noBinding?: boolean;
  /** Lifetimes without an end. */
  readonly infinite?: boolean;
  /** T1 and T2. */
  readonly times?: readonly [t1S: number, t2S: number];
  /** The length of prefixes when they are renewed. */
  readonly renewedLength?: number;
  /** Old and new prefix of those who renew. */
  readonly moves?: readonly (readonly [from: string, to: string])[];
  /** The prefix that all are told. */
  readonly same?: string;
  /** Another server that answers too, with prefixes out of this one. */
  readonly second?: { readonly prefix: Prefix6; readonly preference: number };
}

/** What is answered to DNS questions for the resolvers that the provider announces. */
export interface DnsEffects {
  /** How late it is answered. */
  readonly delayMs?: number;
  /** An address that is told in the place of what a name has; without a name, of each. */
  readonly lie?: { readonly name: string | undefined; readonly address: bigint };
  /** The only domains that there are. */
  readonly known?: readonly string[];
}

/** Losses that come in bursts (Gilbert-Elliott): shares of packets that change the state, and that are lost in each. */
export interface Bursts {
  readonly goodToBad: number;
  readonly badToGood: number;
  readonly lossInBad: number;
  readonly lossInGood: number;
}

/** A rate that follows a trace. */
export interface Pace {
  readonly trace: Trace;
  /** Since when it is followed, in milliseconds of the agent's monotonic clock. */
  readonly sinceMs: number;
}

/** What a line does to packets; what is left out is as on a perfect line. */
export interface LineTraits {
  readonly delayMs?: number;
  /** By how much the delay varies in either direction; packets keep their order. */
  readonly jitterMs?: number;
  /** Bits a second. */
  readonly rate?: number;
  readonly pace?: Pace;
  /** How long a packet waits at most for the rate. */
  readonly queueMs?: number;
  readonly bursts?: Bursts;
  readonly corrupt?: number;
  readonly reorder?: number;
}

/** Traits on one way; with `from`, only of packets of these customers. */
export interface LineEffect extends LineTraits {
  readonly way: Way;
  readonly from?: Prefix6;
}

/** All of it. */
export interface Effects {
  /** In the order in which a packet meets them. */
  readonly packets: readonly PacketRule[];
  /** What the line does beside its settings. */
  readonly line: readonly LineEffect[];
  readonly ra: RaEffects;
  readonly dhcp: DhcpEffects;
  readonly dns: DnsEffects;
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
  line: [],
  ra: {},
  dhcp: {},
  dns: {},
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
    line: [...before.line, ...(more.line ?? [])],
    ra: { ...before.ra, ...more.ra },
    dhcp: { ...before.dhcp, ...more.dhcp },
    dns: { ...before.dns, ...more.dns },
    portDown: before.portDown || more.portDown === true,
    tunnelDown: before.tunnelDown || more.tunnelDown === true,
    mtu: { ...smaller("up", before.mtu, more.mtu), ...smaller("down", before.mtu, more.mtu) },
    unrouted: [...before.unrouted, ...(more.unrouted ?? [])],
    held: [...before.held, ...(more.held ?? [])],
  };
}

/** Of two narrow places on a way the narrower one counts. */
function smaller(way: Way, one: Effects["mtu"], other: Effects["mtu"] = {}): Effects["mtu"] {
  const narrower = least([one[way], other[way]]);
  return narrower === undefined ? {} : { [way]: narrower };
}
