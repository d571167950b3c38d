import { expect, test } from "vitest";
import { writeRunJson } from "../../../../../src/core/judge/evidence/run-json.ts";
import { shownRun, type RunTexts } from "../../../../../src/core/judge/evidence/shown-run.ts";
import type { RunRecord } from "../../../../../src/core/judge/scenario/record.ts";
import { runRecord } from "../../../support/run-record.ts";

const texts = (record: Partial<RunRecord>, more: Partial<RunTexts> = {}): RunTexts => ({
  record: writeRunJson({ ...runRecord({ everyMs: 1000 }), ...record }),
  progress: undefined,
  sealed: true,
  fresh: false,
  ...more,
});

test.each([
  [{}, {}, "finished"],
  [{ partial: true }, {}, "partial"],
  // Written after each step of a run that was killed.
  [{}, { sealed: false }, "partial"],
] as const)("a record %j with %j is %s", (record, more, state) => {
  expect(shownRun(texts(record, more))?.state).toBe(state);
});

test("nothing is judged of a run that was killed, for its probes are not there", () => {
  expect(shownRun(texts({}))?.verdicts).toHaveLength(runRecord({ everyMs: 1000 }).verdicts.length);
  const killed = shownRun(texts({}, { sealed: false }));
  expect([killed?.verdicts, killed?.counts]).toEqual([[], {}]);
});

test("a step that was not reached has no beginning", () => {
  const [step] = runRecord({ everyMs: 1000 }).steps;
  if (step === undefined) throw new Error("no step");
  const shown = shownRun(texts({ steps: [{ ...step, outcome: "not-reached", startedS: 40 }] }));
  expect(shown?.steps).toMatchObject([{ state: "not-reached", startedS: null }]);
});

test.each(["", "{}", "[]", "null", '{"format":1,"steps":[{}]}'])(
  "what cannot be read is not shown: %s",
  (text) => {
    expect(shownRun({ progress: text, record: text, sealed: false, fresh: true })).toBeUndefined();
    // Half a progress.json takes nothing from a record.
    expect(shownRun(texts({}, { progress: text, sealed: false }))?.state).toBe("partial");
  },
);

test("a sealed run is over, whatever else lies there", () => {
  expect(shownRun(texts({}, { progress: '{"format":1}', fresh: true }))?.state).toBe("finished");
});
