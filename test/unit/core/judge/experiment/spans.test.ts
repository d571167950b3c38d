import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  intersection,
  lengthOf,
  union,
  without,
  type Span,
} from "../../../../../src/core/judge/experiment/spans.ts";

const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })), {
  maxLength: 8,
});
const has = (all: readonly Span[], at: number): boolean => all.some(([from, to]) => from <= at && at < to);

test("sets of times are what each moment says", () => {
  fc.assert(
    fc.property(spans, spans, (one, other) => {
      for (let at = 0.5; at < 31; at++) {
        expect(has(union(one), at)).toBe(has(one, at));
        expect(has(intersection(one, other), at)).toBe(has(one, at) && has(other, at));
        expect(has(without([0, 31], one), at)).toBe(!has(one, at));
      }
      expect(lengthOf(one) + lengthOf(without([0, 31], one))).toBe(31);
    }),
  );
});
