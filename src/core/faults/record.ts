/** What one kind of fault is to the rest of mhlab; each kind has one record. */
import type { KernelFeature } from "../host/kernel-feature.ts";
import type { Effects } from "./effects.ts";
import type { Prefix6 } from "../ip6.ts";
import type { Direction, HeldLease, Way } from "./fault.ts";
import type { FaultOptions, ValuesOf } from "./option.ts";

/** What a kind may know of the BNG that it is injected into. */
export interface Ground {
  readonly subscriber: { readonly interface: string };
  readonly wireguard: { readonly interface: string; readonly mtu: number };
  /** Addresses of the resolvers that it tells its customers. */
  readonly dns: readonly string[];
  /** All that it has, and what of that is the link itself. */
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
  readonly ground: Ground;
  /** How long it is in force, in milliseconds. */
  readonly elapsedMs: number;
  /** What it took away. */
  readonly held: readonly HeldLease[];
}

/** What a fault does at a time. */
export interface Outcome extends Partial<Effects> {
  /** After how many milliseconds it does something else; left out when it never does. */
  readonly changesInMs?: number;
}

interface Words {
  /** The kind in a line. */
  readonly summary: string;
  readonly provider: string;
  readonly customer: string;
  readonly normal: string;
  /** What a CPE should do, with the section of the RFC. */
  readonly advice: string;
  /** Codes of the problems in a status that it explains, of the provider and of those who depend on it. */
  readonly explains: readonly string[];
}

/** A fault that lasts: as long as it is in force, the BNG does something else than its settings say. */
export interface LastingFault<O extends FaultOptions = FaultOptions> extends Words {
  readonly nature: "lasting";
  /** Those that make sense; the first is meant when none is named. */
  readonly directions: readonly [Direction, ...Direction[]];
  readonly options: O;
  /** What it needs of the kernel. */
  readonly needs?: readonly KernelFeature[];
  /** It counts no packets and messages, because there are none while it is in force. */
  readonly uncounted?: true;
  effects(values: ValuesOf<O>, scene: Scene): Outcome;
}

/** Something that happens once; there is nothing to heal afterwards. */
export interface Deed<O extends FaultOptions = FaultOptions> extends Words {
  readonly nature: "deed";
  readonly directions: readonly ["both"];
  readonly options: O;
}

export type FaultRecord = LastingFault | Deed;

/** A lasting kind, with its options' types. */
export function lasting<const O extends FaultOptions>(
  record: Omit<LastingFault<O>, "nature">,
): LastingFault<O> {
  return { nature: "lasting", ...record };
}

/** A kind that happens once. */
export function deed(words: Words): Deed {
  return { nature: "deed", directions: ["both"], options: {}, ...words };
}
