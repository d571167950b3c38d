/** Figures of several runs, and how far they can be trusted. All functions are undefined where there are too few values. */

/** What is likely to hold the true value. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** The probability with which it does, at least. */
  readonly confidence: number;
}

const CONFIDENCE = 0.95;
/** The standard normal distribution's quantile of 97.5 %. */
const Z = 1.959964;

/** Student's t, two-sided 95 %, by degrees of freedom. */
const T_TABLE: readonly (readonly [degrees: number, t: number])[] = [
  [1, 12.7062],
  [2, 4.3027],
  [3, 3.1824],
  [4, 2.7764],
  [5, 2.5706],
  [6, 2.4469],
  [7, 2.3646],
  [8, 2.306],
  [9, 2.2622],
  [10, 2.2281],
  [11, 2.201],
  [12, 2.1788],
  [13, 2.1604],
  [14, 2.1448],
  [15, 2.1314],
  [16, 2.1199],
  [17, 2.1098],
  [18, 2.1009],
  [19, 2.093],
  [20, 2.086],
  [21, 2.0796],
  [22, 2.0739],
  [23, 2.0687],
  [24, 2.0639],
  [25, 2.0595],
  [26, 2.0555],
  [27, 2.0518],
  [28, 2.0484],
  [29, 2.0452],
  [30, 2.0423],
  [40, 2.0211],
  [60, 2.0003],
  [120, 1.9799],
];

/** The value below which the share `q` of them lies, between neighbours in a straight line (R's type 7). */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = ascending(values);
  const at = (sorted.length - 1) * Math.min(1, Math.max(0, q));
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low === undefined || high === undefined ? undefined : low + (high - low) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}

export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The standard deviation of a sample; two values are needed. */
export function deviation(values: readonly number[]): number | undefined {
  const middle = mean(values);
  if (middle === undefined || values.length < 2) return undefined;
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Where the mean lies, by Student's t: exact for values that are normally distributed; two are needed. */
export function meanInterval(values: readonly number[]): Interval | undefined {
  const [middle, spread] = [mean(values), deviation(values)];
  if (middle === undefined || spread === undefined) return undefined;
  const margin = (studentT(values.length - 1) * spread) / Math.sqrt(values.length);
  return { low: middle - margin, high: middle + margin, confidence: CONFIDENCE };
}

/** Where the median lies, by order statistics: for any distribution; six values are needed. */
export function medianInterval(values: readonly number[]): Interval | undefined {
  const sorted = ascending(values);
  const n = sorted.length;
  // The median is below the k-th smallest value with the probability that fewer than k of n coins show heads.
  let below = 0;
  let chance = 0.5 ** n;
  let found: Interval | undefined;
  for (let k = 1; k <= n / 2; k++) {
    below += chance;
    chance *= (n - k + 1) / k;
    const confidence = 1 - 2 * below;
    const [low, high] = [sorted[k - 1], sorted[n - k]];
    if (confidence < CONFIDENCE || low === undefined || high === undefined) break;
    found = { low, high, confidence };
  }
  return found;
}

/** Where a share lies, by Wilson's score; one trial is needed. */
export function shareInterval(hits: number, trials: number): Interval | undefined {
  if (!(trials >= 1)) return undefined;
  const share = hits / trials;
  const scale = 1 + Z ** 2 / trials;
  const middle = (share + Z ** 2 / (2 * trials)) / scale;
  const margin = (Z / scale) * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  return { low: Math.max(0, middle - margin), high: Math.min(1, middle + margin), confidence: CONFIDENCE };
}

/** Between rows of the table in 1/degrees, in which t is almost straight. */
function studentT(degrees: number): number {
  const above = T_TABLE.find(([row]) => row >= degrees);
  if (above?.[0] === degrees) return above[1];
  const [low, t] = T_TABLE.findLast(([row]) => row < degrees) ?? [1, T_TABLE[0]?.[1] ?? Z];
  const [inverse, next] = above === undefined ? [0, Z] : [1 / above[0], above[1]];
  return next + ((1 / degrees - inverse) / (1 / low - inverse)) * (t - next);
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}
