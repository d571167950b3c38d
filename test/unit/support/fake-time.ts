import { onTestFinished, vi } from "vitest";
import { systemClock, type Clock } from "../../../src/agent/clock.ts";
import { onLog } from "../../../src/agent/log.ts";

export interface FakeTime {
  /** The agent's clock. */
  readonly clock: Clock;
  /** Lets time pass, with all that was to be done in it. */
  readonly pass: (ms: number) => Promise<void>;
}

const LONGEST_WAIT_NS = 10_000_000_000n;

/** From now on to the end of the test only the test moves time; sockets and processes go on as they are. */
export function fakeTime(): FakeTime {
  vi.useFakeTimers({
    now: new Date("2026-11-24T12:00:00Z"),
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  });
  onTestFinished(() => void vi.useRealTimers());
  return {
    clock: systemClock(),
    pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
  };
}

/** Waits until it is so, while no fake time passes: for what sockets and processes do. */
export async function until(isSo: () => boolean): Promise<void> {
  const from = process.hrtime.bigint();
  while (!isSo()) {
    if (process.hrtime.bigint() - from > LONGEST_WAIT_NS) throw new Error(`never came: ${String(isSo)}`);
    await new Promise((resolve) => void setImmediate(resolve));
  }
}

/** What the agent logs to the end of the test, instead of printing it. */
export function heardLog(): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const stop = onLog((level, message) => lines.push(`${level}: ${message}`));
  onTestFinished(() => {
    stop();
    vi.restoreAllMocks();
  });
  return lines;
}
