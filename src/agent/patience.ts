export interface Patience {
  /** Between two looks. */
  readonly everyMs: number;
  /** After this long one more look is the last. */
  readonly forMs: number;
}

/** Resolves after a while. Not Node's own promise of it, which does not go by the time of a test. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

/** Looks again and again until it is so, or time is up; whether it was. */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  { everyMs, forMs }: Patience,
): Promise<boolean> {
  let late = false;
  const timer = setTimeout(() => (late = true), forMs);
  try {
    while (!(await isSo())) {
      if (late) return false;
      await pause(everyMs);
    }
    return true;
  } finally {
    clearTimeout(timer);
  }
}
