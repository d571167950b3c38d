import { describe, expect, test } from "vitest";
import {
  deviation,
  mean,
  meanInterval,
  median,
  medianInterval,
  quantile,
  shareInterval,
} from "../../../../../src/core/judge/experiment/statistics.ts";

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);

describe("quantiles", () => {
  test("lie between neighbours, as R's type 7 has them", () => {
    // R: quantile(c(1, 2, 4, 8), c(0, .25, .5, .9, 1))
    const values = [8, 1, 4, 2];
    expect([0, 0.25, 0.5, 0.9, 1].map((q) => quantile(values, q))).toEqual(
      [1, 1.75, 3, 6.8, 8].map((v) => expect.closeTo(v, 9)),
    );
    expect(values).toEqual([8, 1, 4, 2]);
  });

  test("of one value are that value, of none nothing", () => {
    expect([quantile([3], 0.9), median([])]).toEqual([3, undefined]);
  });
});

test("mean and deviation", () => {
  expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
  expect(deviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.13809, 5);
  expect([mean([]), deviation([1])]).toEqual([undefined, undefined]);
});

describe("the interval of a mean", () => {
  test("is that of Student's t", () => {
    // R: t.test(1:10)$conf.int
    expect(meanInterval(upTo(10))).toEqual({
      low: expect.closeTo(3.33415, 4),
      high: expect.closeTo(7.66585, 4),
      confidence: 0.95,
    });
  });

  test.each([
    [35, 2.0301],
    [50, 2.0086],
    [100, 1.984],
    [1000, 1.9623],
  ])("is right between the rows of the table, and behind it: %i degrees", (degrees, t) => {
    const values = upTo(degrees + 1);
    const { high = 0 } = meanInterval(values) ?? {};
    const spread = (deviation(values) ?? 0) / Math.sqrt(values.length);
    expect((high - (mean(values) ?? 0)) / spread).toBeCloseTo(t, 2);
  });

  test("needs two values", () => {
    expect(meanInterval([1])).toBeUndefined();
  });
});

describe("the interval of a median", () => {
  test.each([
    // Order statistics of the binomial distribution, as in Conover's table.
    [6, 1, 6, 0.96875],
    [10, 2, 9, 0.97852],
    [20, 6, 15, 0.95861],
  ])("of %i values", (n, low, high, confidence) => {
    expect(medianInterval(upTo(n).toReversed())).toEqual({
      low,
      high,
      confidence: expect.closeTo(confidence, 4),
    });
  });

  test("needs six values", () => {
    expect(medianInterval(upTo(5))).toBeUndefined();
  });
});

describe("the interval of a share", () => {
  test("is Wilson's", () => {
    // R: binom::binom.wilson(8, 10)
    expect(shareInterval(8, 10)).toEqual({
      low: expect.closeTo(0.49016, 4),
      high: expect.closeTo(0.94332, 4),
      confidence: 0.95,
    });
  });

  test("stays within 0 and 1, and does not say that what never happened cannot", () => {
    const { low, high = 0 } = shareInterval(0, 20) ?? {};
    expect(low).toBe(0);
    expect(high).toBeCloseTo(0.1611, 3);
    expect(shareInterval(0, 0)).toBeUndefined();
  });
});
