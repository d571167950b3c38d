/** What a run writes down for those who look at it meanwhile. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepDiary } from "../../../../src/app/experiment/diary.ts";
import { shownRun } from "../../../../src/core/judge/evidence/shown-run.ts";
import type { StepResult } from "../../../../src/core/judge/experiment/record.ts";
import { runRecord } from "../../support/run-record.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const { scenario, steps, bands } = runRecord({ everyMs: 1000 });

function diary(write?: () => void) {
  const written: string[] = [];
  const given: (readonly StepResult[])[] = [];
  let nowS = 0;
  const kept = keepDiary({
    plan: { scenario, variables: { mode: "flash" }, lab: { name: "one" } as never },
    observers: {
      startedAt: "2026-11-28T12:00:00Z",
      nowS: () => nowS,
      bands: (all) => {
        given.push(all);
        return bands.slice(0, 1);
      },
    },
    folder: {
      write: (name, content, options) => {
        write?.();
        expect([name, options]).toEqual(["progress.json", { passing: true }]);
        written.push(String(content));
      },
    },
  });
  const last = (fresh = true) =>
    shownRun({ progress: written.at(-1), record: undefined, sealed: false, fresh });
  return { kept, written, given, last, at: (seconds: number) => (nowS = seconds) };
}

test("what it writes is read: steps by their state, what lasts, how far it is", () => {
  const { kept, last, at, given } = diary();
  expect(last()?.steps.map(({ state, startedS }) => [state, startedS])).toEqual(
    scenario.steps.map(() => ["planned", null]),
  );
  const [first, second] = steps;
  if (first === undefined || second === undefined) throw new Error("no steps");
  at(10);
  kept.step({ ...first, outcome: "not-reached", endedS: null }, "begin");
  expect(last()).toMatchObject({ state: "running", durationS: 10, lab: "one", variables: { mode: "flash" } });
  expect(last()?.steps[0]).toMatchObject({ id: first.id, state: "running", startedS: first.startedS });
  // A restart is a band from its beginning on.
  expect(given.at(-1)?.map(({ outcome }) => outcome)).toEqual(["done"]);
  kept.step(first, "end");
  kept.step({ ...second, outcome: "not-reached", endedS: null }, "begin");
  expect(
    last()
      ?.steps.slice(0, 2)
      .map(({ state }) => state),
  ).toEqual(["done", "running"]);
  expect(last()?.bands).toEqual(bands.slice(0, 1));
  expect(
    last(false)
      ?.steps.map(({ state }) => state)
      .slice(0, 3),
  ).toEqual(["done", "broke-off", "not-reached"]);
  expect(last(false)?.state).toBe("partial");
});

test("it is written each second until it is over, and closed", () => {
  const { kept, written, last, at } = diary();
  at(2);
  vi.advanceTimersByTime(2000);
  expect(written).toHaveLength(3);
  kept.over(90);
  at(95);
  vi.advanceTimersByTime(1000);
  expect(last()).toMatchObject({ durationS: 90, endsS: 90 });
  kept.close();
  vi.advanceTimersByTime(5000);
  expect(written).toHaveLength(5);
});

test("a disk that takes none of it ends nothing", () => {
  const { kept, written } = diary(() => {
    throw new Error("full");
  });
  expect(() => kept.over(1)).not.toThrow();
  kept.close();
  expect(written).toEqual([]);
});
