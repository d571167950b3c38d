import { formatUtc } from "../core/model/utc.ts";

/** The time; passed in, so that tests have one of their own. Timers are the machine's, which tests can replace as they are. */
export interface Clock {
  /** Seconds since 1970, UTC. They jump when somebody sets the machine's clock. */
  nowS(): number;
  /** Milliseconds of a clock that never jumps, since some time of this life of the agent. */
  monotonicMs(): number;
  /** Seconds of a clock that never jumps, as events have them; on one machine it is the same for all containers. */
  monotonicS(): number;
  /** UTC of now or of so many milliseconds before, RFC 3339 with microseconds. */
  at(agoMs?: number): string;
}

/** Finer than the wall clock's milliseconds, and never further from it than this. */
const LARGEST_DRIFT_MS = 2;

/** The machine's clocks. */
export function systemClock(): Clock {
  let offsetMs = Date.now() - performance.now();
  return {
    nowS: () => Date.now() / 1000,
    monotonicMs: () => performance.now(),
    monotonicS: () => Number(process.hrtime.bigint() / 1000n) / 1e6,
    at(agoMs = 0) {
      const wallMs = Date.now();
      const ms = performance.now() + offsetMs;
      if (Math.abs(wallMs - ms) <= LARGEST_DRIFT_MS) return formatUtc((ms - agoMs) / 1000, 6);
      offsetMs = wallMs - performance.now();
      return formatUtc((wallMs - agoMs) / 1000, 6);
    },
  };
}
