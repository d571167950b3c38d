import * as fc from "fast-check";
import { expect, test } from "vitest";
import { inTurns } from "../../../../../src/core/model/faults/record.ts";

test("turns follow each other, and each change comes when it was told", () => {
  const length = fc.integer({ min: 1, max: 10_000 });
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), length, length, (elapsedMs, one, other) => {
      const { first, changesInMs } = inTurns(elapsedMs, one, other);
      expect(changesInMs).toBeGreaterThan(0);
      expect(changesInMs).toBeLessThanOrEqual(first ? one : other);
      expect(inTurns(elapsedMs + changesInMs - 1, one, other).first).toBe(first);
      expect(inTurns(elapsedMs + changesInMs, one, other).first).toBe(!first);
    }),
  );
});
