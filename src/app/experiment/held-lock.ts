import type { LabLock } from "../ports/lab-lock.ts";

/** The lock of a lab for the parts of one who holds it already: they take turns. */
export function heldLock(): LabLock {
  let last: Promise<void> = Promise.resolve();
  return {
    async acquire() {
      const before = last;
      const turn: { end?: () => void } = {};
      last = new Promise((resolve) => (turn.end = resolve));
      await before;
      return async () => turn.end?.();
    },
  };
}
