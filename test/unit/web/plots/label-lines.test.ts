import * as fc from "fast-check";
import { expect, test } from "vitest";
import { placeLabels } from "../../../../src/web/plots/label-lines.ts";

test("no two labels overlap, and none stands outside of the plot", () => {
  const label = fc.record({
    left: fc.integer({ min: -500, max: 600 }),
    width: fc.integer({ min: 10, max: 200 }),
  });
  fc.assert(
    fc.property(fc.array(label, { maxLength: 20 }), (wanted) => {
      const placed = placeLabels(wanted, 400, 4).flatMap((place, index) =>
        place === undefined ? [] : [{ ...place, right: place.left + (wanted[index]?.width ?? 0) }],
      );
      for (const [index, one] of placed.entries()) {
        expect(one.left).toBeGreaterThanOrEqual(0);
        expect(one.right).toBeLessThanOrEqual(400);
        for (const other of placed.slice(index + 1))
          expect(one.line !== other.line || one.right < other.left || other.right < one.left).toBe(true);
      }
    }),
  );
});

test("labels that are far from each other share a line; what finds no line is left out", () => {
  expect(
    placeLabels(
      [
        { left: 0, width: 50 },
        { left: 200, width: 50 },
      ],
      400,
      1,
    ),
  ).toEqual([
    { left: 0, line: 0 },
    { left: 200, line: 0 },
  ]);
  expect(
    placeLabels(
      [
        { left: 0, width: 50 },
        { left: 10, width: 50 },
      ],
      400,
      1,
    )[1],
  ).toBeUndefined();
});
