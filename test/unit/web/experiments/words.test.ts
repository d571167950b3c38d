import { expect, test } from "vitest";
import {
  countWords,
  placeOf,
  stepTime,
  ticksOf,
  variableWords,
} from "../../../../src/web/experiments/words.ts";

test.each([
  [0, [0]],
  [0.9, [0, 0.2, 0.4, 0.6, 0.8]],
  [30, [0, 5, 10, 15, 20, 25, 30]],
  [95, [0, 20, 40, 60, 80]],
  [7200, [0, 2000, 4000, 6000]],
])("ticks of %d s are round", (endsS, ticks) => {
  expect(ticksOf(endsS)).toEqual(ticks);
});

test("a place is on the line, whatever is told", () => {
  expect([placeOf(5, 10), placeOf(-1, 10), placeOf(11, 10), placeOf(1, 0)]).toEqual([50, 0, 100, 0]);
});

test("verdicts are counted in words, the good ones first", () => {
  expect(countWords({ counts: { failed: 1, passed: 2 } })).toEqual([
    { word: "2 passed", look: "up" },
    { word: "1 failed", look: "down" },
  ]);
});

test("times and variables as people read them", () => {
  expect([
    stepTime({ startedS: 3.04, plannedS: 3 }),
    stepTime({ startedS: null, plannedS: 20 }),
    stepTime({ startedS: null, plannedS: null }),
    variableWords({ mode: "flash", ttl: "5" }),
  ]).toEqual(["3.0 s", "20.0 s", "then", "mode=flash, ttl=5"]);
});
