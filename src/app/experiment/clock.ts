import {
  clockOffset,
  type ClockOffset,
  type ClockReading,
} from "../../core/judge/experiment/clock-offset.ts";
import { OperationError } from "../../core/model/errors.ts";
import type { Node } from "../agents/node.ts";

/** Each question is answered by the time there; bash tells it without another process, so that the way is all that takes time. */
const TELL_TIME = `while read -r line; do echo "$EPOCHREALTIME"; done`;
const QUESTIONS = 8;

/** Finer than the wall clock's milliseconds, and never further from it than this. */
const LARGEST_DRIFT_MS = 2;

/** Milliseconds since 1970 by our own clock, with fractions. */
export function wallMs(): number {
  const fine = performance.timeOrigin + performance.now();
  const coarse = Date.now();
  return Math.abs(coarse - fine) <= LARGEST_DRIFT_MS ? fine : coarse;
}

/** How the clock of a node's engine differs from ours. Rejects when the engine fails or the signal fires. */
export async function measureClock(node: Node, signal: AbortSignal): Promise<ClockOffset> {
  const readings: ClockReading[] = [];
  const enough = new AbortController();
  let askedMs = 0;
  let rest = "";
  const question: { ask?: () => void } = {};
  const decoder = new TextDecoder();
  await node.execBytes(["bash", "-c", TELL_TIME], {
    signal: AbortSignal.any([signal, enough.signal]),
    onOpen: (send) => {
      question.ask = () => {
        askedMs = wallMs();
        send("\n");
      };
      question.ask();
    },
    onOutput: (piece) => {
      const answeredMs = wallMs();
      rest += decoder.decode(piece, { stream: true });
      const end = rest.indexOf("\n");
      if (end < 0) return;
      const thereMs = Number(rest.slice(0, end)) * 1000;
      rest = rest.slice(end + 1);
      if (Number.isFinite(thereMs)) readings.push({ askedMs, thereMs, answeredMs });
      if (readings.length < QUESTIONS) question.ask?.();
      else enough.abort();
    },
    onErrorOutput: () => undefined,
  });
  signal.throwIfAborted();
  const offset = clockOffset(readings);
  if (offset === undefined)
    throw new OperationError("MHLAB_RUN_FAILED", `${node.name} does not tell the time`, {
      hint: `see: mhlab logs ${node.name}`,
    });
  return offset;
}
