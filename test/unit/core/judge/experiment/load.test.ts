import { expect, test } from "vitest";
import { loadFacts, readLoad } from "../../../../../src/core/judge/experiment/load.ts";

const look = (load: string, ticks: string): ReturnType<typeof readLoad> =>
  readLoad(`${load} 0.84 0.80 1/345 2211\ncpu  ${ticks}\n`);

test("the line of all processors and the first average are read; idle and waiting for disks are no work", () => {
  expect(look("1.25", "100 0 50 800 40 5 5 0 7 0")).toEqual({ load1: 1.25, total: 1000, busy: 160 });
});

test.each(["", "x\ny\n", "1.25 0.84\ncpu a b c\n", "1.25 0.84 0.80\ncpu0 1 2 3 4 5\n"])(
  "what is no such text is nothing: %j",
  (text) => expect(readLoad(text)).toBeUndefined(),
);

test("the greatest of all samples count", () => {
  const samples = [
    look("0.50", "100 0 0 900 0 0 0 0"),
    look("1.50", "190 0 0 910 0 0 0 0"),
    look("1.40", "200 0 0 1000 0 0 0 0"),
  ].flatMap((one) => one ?? []);
  expect(loadFacts(samples, 2)).toEqual({ everyS: 2, samples: 3, mostLoad1: 1.5, mostBusy: 0.9 });
  expect(loadFacts(samples.slice(0, 1), 2)).toMatchObject({ samples: 1, mostLoad1: 0.5, mostBusy: null });
  expect(loadFacts([], 2)).toMatchObject({ samples: 0, mostLoad1: null, mostBusy: null });
});
