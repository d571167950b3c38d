/** How two clocks differ, from questions whose answer tells the time there. */

/** One question: when it was asked and answered by our own clock, and what the other one said in between; milliseconds. */
export interface ClockReading {
  readonly askedMs: number;
  readonly thereMs: number;
  readonly answeredMs: number;
}

export interface ClockOffset {
  /** The other clock minus ours, in milliseconds. */
  readonly offsetMs: number;
  /** Half of the round trip: further off it cannot be. */
  readonly uncertaintyMs: number;
}

/** The offset by the question with the shortest round trip, as NTP takes it (RFC 5905 section 10); undefined without any. */
export function clockOffset(readings: readonly ClockReading[]): ClockOffset | undefined {
  const [best] = readings
    .map(({ askedMs, thereMs, answeredMs }) => ({
      offsetMs: thereMs - (askedMs + answeredMs) / 2,
      uncertaintyMs: (answeredMs - askedMs) / 2,
    }))
    .sort((one, other) => one.uncertaintyMs - other.uncertaintyMs);
  return best;
}
