/** What one kind of fault is to the rest of mhlab, and the rules that several kinds have in common. */
import type { KernelFeature } from "../host/kernel-feature.ts";
import { formatPrefix6, type Prefix6 } from "../ip6.ts";
import type { Effects, PacketRule } from "./effects.ts";
import type { Direction, HeldLease, Way } from "./fault.ts";
import { optional, prefix, word, type FaultOptions, type ValuesOf } from "./option.ts";

/** What a kind may know of the BNG that it is injected into. */
export interface Surroundings {
  readonly subscriber: { readonly interface: string };
  readonly wireguard: { readonly interface: string; readonly mtu: number };
  /** Addresses of the resolvers that it announces. */
  readonly dns: readonly string[];
  /** Its whole prefix, and the part of it that is the link itself. */
  readonly prefix: Prefix6;
  readonly transfer: Prefix6;
  /** What it delegates out of; undefined when it delegates nothing. */
  readonly pool: Prefix6 | undefined;
  /** All of both, while it has several. */
  readonly networks?: readonly { readonly prefix: Prefix6; readonly transfer: Prefix6 }[];
}

/** A fault in force, for its kind. */
export interface Scene {
  readonly id: string;
  readonly ways: readonly Way[];
  readonly bng: Surroundings;
  /** When it began, in milliseconds of the agent's monotonic clock, and how long ago that is. */
  readonly sinceMs: number;
  readonly elapsedMs: number;
  /** What it took away. */
  readonly held: readonly HeldLease[];
}

/** What a fault does at a time. */
export interface Outcome extends Partial<Effects> {
  /** After how many milliseconds it does something else; left out when it never does. */
  readonly changesInMs?: number;
}

interface Texts {
  /** The kind in a line. */
  readonly summary: string;
  readonly provider: string;
  readonly customer: string;
  readonly normal: string;
  /** What a CPE should do, with the section of the RFC. */
  readonly advice: string;
  /** Codes of the problems in a status that it explains, of the provider and of those who depend on it; none when left out. */
  readonly explains?: readonly string[];
}

/** A kind of fault. */
export interface FaultRecord extends Texts {
  /** It happens once, and there is nothing to clear afterwards; others last, and the BNG departs from its document meanwhile. */
  readonly once: boolean;
  /** The first is meant when none is named. */
  readonly directions: readonly [Direction, ...Direction[]];
  readonly options: FaultOptions;
  /** What it needs of the kernel. */
  readonly needs: readonly KernelFeature[];
  /** It counts no packets and messages, because there are none while it is in force. */
  readonly uncounted?: true;
  effects(values: ValuesOf<FaultOptions>, scene: Scene): Outcome;
}

/** A lasting kind, with its options' types. */
export function lasting<const O extends FaultOptions = FaultOptions>(
  record: Texts &
    Pick<FaultRecord, "directions" | "uncounted"> &
    Partial<Pick<FaultRecord, "needs">> & {
      readonly options?: O;
      effects(values: ValuesOf<O>, scene: Scene): Outcome;
    },
): FaultRecord & { readonly once: false } {
  return {
    once: false,
    options: {},
    needs: [],
    ...record,
    effects: (values, scene) => record.effects(values as ValuesOf<O>, scene),
  };
}

/** A kind that happens once. */
export function once(texts: Texts): FaultRecord & { readonly once: true } {
  return { once: true, directions: ["both"], options: {}, needs: [], effects: () => ({}), ...texts };
}

/** Options of every kind that chooses among forwarded packets. */
export const CHOICE = {
  from: optional(prefix, "only packets from and to customers' addresses in this prefix"),
  protocol: optional(word(["tcp", "udp", "icmpv6"] as const), "only packets of this protocol"),
} as const;

type Choice = Partial<ValuesOf<typeof CHOICE>>;

/** A rule for each way of a fault. */
export function eachWay(
  { id, ways }: Scene,
  rule: (way: Way) => Omit<PacketRule, "fault" | "way">,
): readonly PacketRule[] {
  return ways.map((way) => ({ fault: id, way, ...rule(way) }));
}

/** nftables' words for a customer's prefix in packets of one way; none for everyone's. */
export function ofCustomer(way: Way, from: Prefix6 | undefined): string {
  return from === undefined ? "" : `ip6 ${way === "up" ? "saddr" : "daddr"} ${formatPrefix6(from)}`;
}

/** nftables' words for what is forwarded between customers and the internet, on one way. */
export function forwardedWay({ bng }: Scene, way: Way, { from, protocol }: Choice = {}): string {
  const [customers, internet] = [bng.subscriber.interface, bng.wireguard.interface];
  const [into, out] = way === "up" ? [customers, internet] : [internet, customers];
  return [
    `iifname "${into}" oifname "${out}"`,
    ofCustomer(way, from),
    protocol === undefined ? "" : `meta l4proto ${protocol}`,
  ]
    .filter((words) => words !== "")
    .join(" ");
}

/** Adds to nftables' words that only a share of the packets is chosen, at random. */
export function atRandom(match: string, share: number): string {
  const parts = Math.round(share * 10_000);
  return parts >= 10_000 ? match : `${match} numgen random mod 10000 < ${parts}`.trimStart();
}

/** Where something stands that goes in turns of two lengths. */
export interface Turn {
  /** Whether it is in its first turn, or one of those that follow like it. */
  readonly first: boolean;
  /** Milliseconds until the next turn. */
  readonly changesInMs: number;
}

/** The turn after a time, when turns of `oneMs` and `otherMs` follow each other. */
export function inTurns(elapsedMs: number, oneMs: number, otherMs: number): Turn {
  const within = elapsedMs % (oneMs + otherMs);
  const first = within < oneMs;
  return { first, changesInMs: (first ? oneMs : oneMs + otherMs) - within };
}
