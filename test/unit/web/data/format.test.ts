import { expect, test } from "vitest";
import {
  colourOf,
  formatRate,
  formatTick,
  formatValue,
  matches,
  middle,
} from "../../../../src/web/data/format.ts";

test("rates and values as people read them", () => {
  expect([0, 999, 1000, 12_345, 2_500_000, 4e9].map(formatRate)).toEqual([
    "0 bit/s",
    "999 bit/s",
    "1.0 kbit/s",
    "12.3 kbit/s",
    "2.5 Mbit/s",
    "4.0 Gbit/s",
  ]);
  expect([formatValue(null, "ms"), formatValue(0.42, "ms"), formatValue(95, "s")]).toEqual([
    "–",
    "0.42 ms",
    "1 min 35 s",
  ]);
});

test("ticks of an axis have no digits that say nothing", () => {
  expect([5, 10, 0].map((value) => formatTick(value, "%"))).toEqual(["5 %", "10 %", "0 %"]);
  expect([0.5, 0.25].map((value) => formatTick(value, "ms"))).toEqual(["0.5 ms", "0.25 ms"]);
  expect([20_000, 2500].map((value) => formatTick(value, "bit/s"))).toEqual(["20 kbit/s", "2.5 kbit/s"]);
  expect(formatTick(100, "s")).toBe("1 min 40 s");
});

test("what is long loses its middle; words are found in any order", () => {
  expect(middle("00:03:00:01:02:00:00:00:00:01", 11)).toBe("00:03…00:01");
  expect(middle("short", 11)).toBe("short");
  expect([matches("alpha 2001:db8::", "DB8 al"), matches("alpha", "beta"), matches("alpha", "")]).toEqual([
    true,
    false,
    true,
  ]);
});

test("a provider has its colour, and nobody's is another", () => {
  expect([colourOf("b", ["a", "b"]), colourOf(null, ["a"]), colourOf("x", ["a"])]).toEqual([
    "var(--track-1)",
    "var(--no-one)",
    "var(--no-one)",
  ]);
});
