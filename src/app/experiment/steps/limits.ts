import { OperationError } from "../../../core/model/errors.ts";
import { timeLimit } from "../../ports/time.ts";

/** How long something may go on once it was told to end. */
const GRACE_MS = 2000;

/** What did not end in time. */
class TookTooLong extends OperationError {
  constructor(what: string, ms: number) {
    super("MHLAB_RUN_FAILED", `${what} did not end in ${ms / 1000} s`, {
      hint: "on a machine with much to do, a smaller lab or longer intervals of probes leave more time",
    });
  }
}

export interface Limit {
  /** What it is, for the error. */
  readonly what: string;
  readonly ms: number;
  readonly signal: AbortSignal;
}

/**
 * Does something that is over after so long, whatever it makes of its signal: a run must not hang because one part does.
 * Rejects with TookTooLong, or with the reason of the signal.
 */
export async function within<T>(
  { what, ms, signal }: Limit,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const limit = timeLimit(ms, signal);
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    onAbort = (): void => {
      timer = setTimeout(() => reject(reasonOf()), GRACE_MS);
    };
    limit.addEventListener("abort", onAbort, { once: true });
  });
  const reasonOf = (): Error => {
    if (!signal.aborted) return new TookTooLong(what, ms);
    return signal.reason instanceof Error ? signal.reason : new Error("interrupted");
  };
  try {
    return await Promise.race([act(limit), late]);
  } catch (error) {
    if (limit.aborted && !(error instanceof TookTooLong)) throw reasonOf();
    throw error;
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) limit.removeEventListener("abort", onAbort);
  }
}
