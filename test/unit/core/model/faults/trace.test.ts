import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatTrace,
  meanRate,
  parseTrace,
  rateAt,
  stretchesOf,
  type Trace,
} from "../../../../../src/core/model/faults/trace.ts";

const read = (text: string): Trace => {
  const trace = parseTrace(text);
  if (trace === undefined) throw new Error(`no trace: ${text}`);
  return trace;
};

test("a Mahimahi trace becomes chances in tenths of a second", () => {
  const trace = read("0\n10\n10\n99\n100\n350\n400\n");
  expect(trace).toEqual({ periodMs: 400, chances: [4, 1, 0, 2] });
  expect(formatTrace(trace)).toBe("400:4,1,0,2");
  expect(meanRate(trace)).toBe((7 * 12_000) / 0.4);
});

test.each([
  "",
  "a",
  "5\n4",
  "-1",
  "1.5",
  "0",
  "600001",
  "400:1,2",
  "400:1*5",
  "400:0*4",
  "0:1",
  "400:1,2,3,x",
])("%j is none", (text) => {
  expect(parseTrace(text)).toBeUndefined();
});

test("what is kept reads the same", () => {
  const chances = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 6000 });
  fc.assert(
    fc.property(chances, (found) => {
      fc.pre(found.some((count) => count > 0));
      const trace = { periodMs: found.length * 100, chances: found };
      expect(parseTrace(formatTrace(trace))).toEqual(trace);
    }),
  );
});

test("a gap passes one packet, which those after it give", () => {
  expect(stretchesOf(read("600:10,0*3,5,1"))).toEqual([
    { ms: 100, rate: 1_200_000, gap: false },
    { ms: 300, rate: 40_000, gap: true },
    { ms: 100, rate: 480_000, gap: false },
    { ms: 100, rate: 120_000, gap: false },
  ]);
});

test("the rate begins anew with the trace", () => {
  const trace = read("400:10,0,0,3");
  const stretches = stretchesOf(trace);
  expect(rateAt(trace, stretches, 30)).toEqual({ rate: 1_200_000, staysMs: 70 });
  expect(rateAt(trace, stretches, 450)).toEqual({ rate: 1_200_000, staysMs: 50 });
  expect(rateAt(trace, stretches, 150)).toEqual({ rate: 60_000, staysMs: 50 });
  // What follows the gap is told ahead.
  expect(rateAt(trace, stretches, 250)).toEqual({ rate: 240_000, staysMs: 50 });
});

test("rates carry as much as the trace has chances, but for a packet at its end", () => {
  const chances = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(chances, (found) => {
      fc.pre(found.some((count) => count > 0));
      const stretches = stretchesOf({ periodMs: found.length * 100, chances: found });
      const carried = stretches.reduce((sum, { ms, rate }) => sum + (ms * rate) / 12_000_000, 0);
      const wanted = found.reduce((sum, count) => sum + count, 0);
      expect(Math.abs(carried - wanted)).toBeLessThan(1.01);
      expect(stretches.reduce((sum, { ms }) => sum + ms, 0)).toBe(found.length * 100);
    }),
  );
});
