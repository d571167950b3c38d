import { formatUtc } from "../core/utc.ts";

/** The time, as events have it; passed in, so that tests have one of their own. */
export interface Clock {
  /** Seconds of a clock that never jumps; on one machine it is the same for all containers. */
  monotonicS(): number;
  /** UTC, RFC 3339 with microseconds. */
  at(): string;
}

/** Finer than the wall clock's milliseconds, and never further from it than this. */
const LARGEST_DRIFT_MS = 2;

/** The machine's clocks. */
export function systemClock(): Clock {
  let offsetMs = Date.now() - performance.now();
  return {
    monotonicS: () => Number(process.hrtime.bigint() / 1000n) / 1e6,
    at() {
      const wallMs = Date.now();
      const ms = performance.now() + offsetMs;
      if (Math.abs(wallMs - ms) <= LARGEST_DRIFT_MS) return formatUtc(ms / 1000, 6);
      offsetMs = wallMs - performance.now();
      return formatUtc(wallMs / 1000, 6);
    },
  };
}
