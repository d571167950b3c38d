/** Statistics of few values. */

/** The quantile of sorted values, between them in a line (type 7 of Hyndman and Fan); NaN when there are none. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

/** Bounds that hold the median of all such runs with at least 95 %: order statistics by the binomial distribution. Undefined for less than 6. */
export function medianBounds(sorted: readonly number[]): readonly [number, number] | undefined {
  const { length } = sorted;
  let outside = 0;
  let chance = 0.5 ** length;
  let rank = 0;
  while (rank < length / 2 && outside + chance <= 0.025) {
    outside += chance;
    rank += 1;
    chance = (chance * (length - rank + 1)) / rank;
  }
  const low = sorted[rank - 1];
  const high = sorted[length - rank];
  return low === undefined || high === undefined ? undefined : [low, high];
}
