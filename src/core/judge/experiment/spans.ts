/** Times as sets: lists of spans that do not touch, in order. */

/** From and up to, without the end; in seconds. */
export type Span = readonly [from: number, to: number];

/** The same times as spans in order that do not touch. */
export function union(spans: readonly Span[]): Span[] {
  const sorted = spans.filter(([from, to]) => from < to).toSorted((one, other) => one[0] - other[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** The times that both have. */
export function intersection(one: readonly Span[], other: readonly Span[]): Span[] {
  return union(
    one.flatMap(([from, to]) =>
      other.map(([begin, end]): Span => [Math.max(from, begin), Math.min(to, end)]),
    ),
  );
}

/** The times of `all` that are not among `taken`. */
export function without(all: Span, taken: readonly Span[]): Span[] {
  const left: Span[] = [];
  let [at] = all;
  for (const [from, to] of union(taken)) {
    if (from > at) left.push([at, Math.min(from, all[1])]);
    at = Math.max(at, to);
  }
  left.push([at, all[1]]);
  return union(left);
}

/** How long they are together, in seconds. */
export function lengthOf(spans: readonly Span[]): number {
  return union(spans).reduce((sum, [from, to]) => sum + to - from, 0);
}
