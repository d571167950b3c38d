/** Actions that were begun before anybody waits for them. */
export interface Ahead<T> {
  /** Resolves when the action of an item has ended well; rejects with its failure, or with the one that kept it from beginning. */
  of(item: T): Promise<void>;
  /** Begins no more; resolves, when all that was begun has ended, with the items of it. */
  stop(): Promise<readonly T[]>;
}

/** Begins an action for each item now, in their order and at most `limit` at once. After a failure none begins any more. */
export function beginAhead<T>(items: readonly T[], limit: number, act: (item: T) => Promise<void>): Ahead<T> {
  const begun: T[] = [];
  const ends = new Map<T, Promise<void>>();
  let ended: { readonly why: unknown } | undefined;
  const turn = async (item: T): Promise<void> => {
    if (ended !== undefined) throw ended.why;
    begun.push(item);
    try {
      await act(item);
    } catch (error) {
      ended ??= { why: error };
      throw error;
    }
  };
  const lanes = Array.from({ length: limit }, () => Promise.resolve());
  for (const [index, item] of items.entries()) {
    const lane = index % limit;
    const end = (lanes[lane] ?? Promise.resolve()).then(() => turn(item));
    ends.set(item, end);
    // Who never asks for an item takes no harm from its failure.
    lanes[lane] = end.catch(() => {});
  }
  return {
    of: (item) => ends.get(item) ?? Promise.reject(new TypeError("nothing was begun for this item")),
    async stop() {
      ended ??= { why: new Error("stopped before it began") };
      await Promise.all(lanes);
      return begun;
    },
  };
}
