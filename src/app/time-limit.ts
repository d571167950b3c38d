/**
 * A signal that fires after some milliseconds, or with another one; its reason is then a TimeoutError.
 * Node 20 forgets an AbortSignal.timeout that only an AbortSignal.any refers to (nodejs/node 54614), so this holds a timer of its own.
 */
export function timeLimit(ms: number, signal?: AbortSignal): AbortSignal {
  const limit = new AbortController();
  setTimeout(() => limit.abort(new DOMException(`no end after ${ms} ms`, "TimeoutError")), ms).unref();
  return signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
}
