import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatUtc, parseUtc } from "../../../../src/core/model/utc.ts";

const seconds = fc.integer({ min: 0, max: 250_000_000_000 });

test("a time is written as the platform writes it, and read back", () => {
  fc.assert(
    fc.property(seconds, (time) => {
      const text = formatUtc(time);
      expect(text).toBe(new Date(time * 1000).toISOString().replace(".000Z", "Z"));
      expect(parseUtc(text)).toBe(time);
    }),
  );
});

test("with microseconds", () => {
  expect(formatUtc(1_790_000_000.25, 6)).toBe("2026-09-21T14:13:20.250000Z");
  expect(parseUtc("2026-09-21T14:13:20.250000Z")).toBe(1_790_000_000.25);
});

test.each(["", "yesterday", "2026-09-21", "2026-09-21T14:13:20+01:00"])("'%s' is no such time", (text) => {
  expect(parseUtc(text)).toBeUndefined();
});
