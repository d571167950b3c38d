import type { Clock } from "../../../../src/agent/clock.ts";

/** A clock that a test moves. */
export function testClock(): Clock & { pass(seconds: number): void } {
  let nowS = 0;
  return {
    nowS: () => nowS,
    monotonicMs: () => nowS * 1000,
    monotonicS: () => nowS,
    at: () => `2026-11-24T12:00:${String(Math.floor(nowS)).padStart(2, "0")}.000000Z`,
    pass: (seconds) => void (nowS += seconds),
  };
}
