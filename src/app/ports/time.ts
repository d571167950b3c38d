/** The reason to end a stream that has said enough. Without a reason, each end of the stream would make an exception of its own. */
export const ENOUGH = new Error("enough was heard");

/** Waits; rejects with the signal's reason when it fires. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error("interrupted"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** Waits until the signal fires, and rejects with its reason. */
export async function untilAborted(signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  signal.throwIfAborted();
  throw new Error("unreachable");
}

/**
 * A signal that fires after some milliseconds, or with another one; its reason is then a TimeoutError.
 * Node 20 forgets an AbortSignal.timeout that only an AbortSignal.any refers to (nodejs/node 54614), so this holds a timer of its own.
 */
export function timeLimit(ms: number, signal?: AbortSignal): AbortSignal {
  const limit = new AbortController();
  setTimeout(() => limit.abort(new DOMException(`no end after ${ms} ms`, "TimeoutError")), ms).unref();
  return signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
}
