/** What a run observed beside probes, flows and facts, and what it could not observe. Times are seconds since t=0. */
import type { LeakedAddress } from "../status/model.ts";
import type { Span } from "./spans.ts";

/** The leaks at one provider's port during a run. */
export interface PortLeaks {
  /** From customers, with a source that the provider has not delegated to who sent them. */
  readonly up: number;
  /** To customers, for a destination that the provider does not have. */
  readonly down: number;
  /** Their addresses, the busiest first, as far as the BNG remembers them. */
  readonly addresses: readonly LeakedAddress[];
  /** Times of which the BNG's count is not known: it was started again, or did not answer. */
  readonly gaps: readonly Span[];
}

/** Which probes of a host or CPE to a target were due. A gap is a time in which none was sent, whatever the reason. */
export interface Probing {
  readonly member: string;
  readonly target: string;
  readonly everyMs: number;
  /** Moments at which a probe was due, whatever its source. */
  readonly due: number;
  /** Those at which one was sent, or could not be sent. */
  readonly sent: number;
  readonly gaps: readonly Span[];
}

/** A time in which the agent of a member was not heard: what is recorded of its state is not known to hold then. */
export interface Unheard {
  readonly member: string;
  readonly fromS: number;
  /** Null: to the end of the run. */
  readonly toS: number | null;
}
