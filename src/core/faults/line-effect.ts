/** What a subscriber line does to packets, as data: its settings say it, and faults add to it. */
import type { Prefix6 } from "../ip6.ts";
import type { Way } from "./fault.ts";
import type { Trace } from "./trace.ts";

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
  /** How long it has been followed by now, in milliseconds. */
  readonly elapsedMs: number;
}

/** What is left out is as on a perfect line. */
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
