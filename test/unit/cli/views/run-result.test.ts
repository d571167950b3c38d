import { expect, test } from "vitest";
import type { RunRecord } from "../../../../src/core/judge/scenario/record.ts";
import type { Verdict } from "../../../../src/core/judge/experiment/record.ts";
import { compareRuns } from "../../../../src/core/judge/evidence/compare.ts";
import { replayed } from "../../../../src/core/judge/experiment/replayed.ts";
import { renderReplay, renderRun, renderSeries } from "../../../../src/cli/views/run-result.ts";

const verdict = (result: Verdict["result"], value: number | null): Verdict => ({
  id: "gap",
  text: "the outage is at most 5 s",
  because: null,
  result,
  measured: value === null ? "nothing" : `${value} s`,
  value,
  unit: "s",
  evidence: [],
});
const record = (one: Verdict, more: Partial<RunRecord> = {}): RunRecord =>
  ({
    scenario: { name: "dead", seed: 1 },
    lab: "two-isps",
    machine: { mhlab: "1", kernel: "x" },
    variables: {},
    durationS: 12.34,
    partial: false,
    inherited: [],
    steps: [],
    verdicts: [one],
    ...more,
  }) as unknown as RunRecord;
const view = { colour: false, columns: undefined };

test("a run is told with what was expected, measured and not done, and where its record is", () => {
  const failed = { id: "ask", text: "mhlab exec pc -- x", outcome: "unsupported", detail: "there is no x" };
  const text = renderRun(
    record(verdict("failed", 7), { steps: [failed], partial: true } as unknown as Partial<RunRecord>),
    "out",
    view,
  );
  expect(text.split("\n")).toEqual([
    "✗ failed  the outage is at most 5 s",
    "    measured: 7 s",
    "",
    "ask unsupported: mhlab exec pc -- x (there is no x)",
    "",
    "dead: 12.3 s, ended early; the record is in out",
    "",
  ]);
});

test("at 80 columns no number stands apart from its unit", () => {
  const text = "the longest outage of home-host1 with a source of alpha is for 17 s";
  const lines = renderRun(record({ ...verdict("passed", 8), text }), "out", { ...view, columns: 80 }).split(
    "\n",
  );
  expect(lines.slice(0, 3)).toEqual([
    "✓ passed  the longest outage of home-host1 with a source of alpha is for",
    "    17 s",
    "    measured: 8 s",
  ]);
});

test("several runs are told with the median of each figure and its spread", () => {
  const records = [3, 1, 2, 5, 4, 6].map((value) => record(verdict(value > 5 ? "failed" : "passed", value)));
  const runs = records.map((_, index) => ({ name: String(index + 1), line: "1 of 1 as expected" }));
  const text = renderSeries({ comparisons: compareRuns(records), runs }, "out", view);
  expect(text).toContain("gap           5 of 6        3.5 s    1 to 6               1 to 6");
  expect(text).toContain("6 runs; all of it is in out");
});

test("a replay stands beside what it repeats, also where one of the two has no such expectation", () => {
  const before = record(verdict("passed", 3));
  expect(renderReplay(replayed(before, record(verdict("failed", 7))), view)).toContain(
    "✗ other   the outage is at most 5 s   passed: 3 s   failed: 7 s",
  );
  const without = { ...before, verdicts: [] };
  expect(replayed(before, without)).toMatchObject([{ id: "gap", now: null, same: false }]);
  expect(replayed(without, before)).toMatchObject([{ id: "gap", before: null, same: false }]);
});

test("what a run inherited from before is named", () => {
  const inherited = [{ node: "alpha", what: "the devices on br0 are not part of the lab" }];
  expect(renderRun(record(verdict("passed", 3), { inherited }), "out", view)).toContain(
    "\ninherited from before the run: alpha: the devices on br0 are not part of the lab\n",
  );
});
