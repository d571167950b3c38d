import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../../../src/core/values/units.ts";

describe("durations", () => {
  test.each([
    ["0s", 0],
    ["90s", 90],
    ["30m", 1800],
    ["4h", 14_400],
    ["1d", 86_400],
    ["1h30m", 5400],
    ["1d2h3m4s", 93_784],
  ])("%s is %i seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.each(["", "30", "30min", "1.5h", "-1s", "m", "30m4h", "30 m", "1H", "500ms", "1w"])(
    "'%s' is none",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test("read as they were written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_fffe }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });

  test("are written short", () => {
    expect([0, 60, 90, 5400, 9000, 86_400].map(formatDuration)).toEqual([
      "0s",
      "1m",
      "1m30s",
      "1h30m",
      "2h30m",
      "1d",
    ]);
  });
});
