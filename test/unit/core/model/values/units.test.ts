import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatDuration,
  formatSpan,
  parseDuration,
  parseSpan,
} from "../../../../../src/core/model/values/units.ts";

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

describe("spans", () => {
  test.each([
    ["500ms", 500],
    ["1.5s", 1500],
    ["1m500ms", 60_500],
    ["1h30m", 5_400_000],
  ])("%s is %i milliseconds", (text, ms) => {
    expect(parseSpan(text)).toBe(ms);
  });

  test.each(["", "30", "1.5", "1d", "-1s", "s", "1.5m", "500ms1s"])("'%s' is none", (text) => {
    expect(parseSpan(text)).toBeUndefined();
  });

  test("read as they were written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_fffe }), (ms) => {
        expect(parseSpan(formatSpan(ms))).toBe(ms);
      }),
    );
  });
});
