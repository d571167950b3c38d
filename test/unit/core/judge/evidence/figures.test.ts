/** What a report counts: phases, paths, groups of runs, and times in columns. */
import { expect, test } from "vitest";
import { compareRuns, groupRuns } from "../../../../../src/core/judge/evidence/compare.ts";
import { pathsOf } from "../../../../../src/core/judge/evidence/paths.ts";
import { figuresOf, phasesOf, within } from "../../../../../src/core/judge/evidence/phases.ts";
import { stretches, timeColumns } from "../../../../../src/features/report/columns-of-time.ts";
import { roundUp, ticksUpTo } from "../../../../../src/features/report/scale.ts";
import { figure, milliseconds, span } from "../../../../../src/features/report/words.ts";
import { runRecord } from "../../../support/run-record.ts";

const RUN = runRecord();

test("the phases are cut where bands begin and end, and every probe is in exactly one", () => {
  const phases = phasesOf(RUN);
  expect(phases.map(({ during }) => during)).toEqual([
    "",
    "alpha: upstream-blackhole",
    "",
    "beta: renumbering",
    "",
  ]);
  for (const { probes } of pathsOf(RUN)) {
    const parts = phases.map((phase, index) => within(phase, probes, index === phases.length - 1));
    expect(parts.reduce((sum, part) => sum + part.length, 0)).toBe(probes.length);
    expect(parts.flat()).toEqual(probes);
  }
});

test("a run with more phases than anybody reads is one", () => {
  const [band] = RUN.bands;
  if (band === undefined) throw new Error("no band");
  const bands = Array.from({ length: 20 }, (_, index) => ({ ...band, fromS: index * 4, toS: index * 4 + 2 }));
  expect(phasesOf({ ...RUN, bands })).toEqual([{ fromS: 0, toS: 90, during: "" }]);
});

test("'not sent', 'no answer' and 'the answer was lost' are counted apart", () => {
  const [first] = pathsOf(RUN);
  const figures = figuresOf(first?.probes ?? []);
  expect(figures).toMatchObject({ probes: 900, notSent: 18 });
  expect(figures.answered + figures.noAnswer + figures.notSent).toBe(900);
  // Lost on the way back: the far side got them.
  expect(figures.arrived - figures.answered).toBe(6);
});

test("paths come by node, provider and age; an outage ends by an answer, or with its address", () => {
  const paths = pathsOf(RUN);
  expect(paths.map(({ node, provider }) => `${node} ${provider}`)).toEqual([
    "home alpha",
    "home beta",
    "home beta",
    "home-host1 alpha",
    "home-host1 beta",
    "home-host1 beta",
  ]);
  const long = paths.flatMap(({ outages }) => outages.filter(({ lost }) => lost > 1));
  expect(long.map(({ endedBy }) => endedBy)).toEqual(["answer", "address", "answer", "address"]);
  // As the judge has it: the outage of an address that went ends with the last probe.
  const lastS = (source: string, node: string): number =>
    (paths.find((path) => path.source === source && path.node === node)?.probes.at(-1)?.sentNs ?? 0) / 1e9;
  const closed = RUN.outages.map((one) => ({ ...one, toS: one.toS ?? lastS(one.source, one.node) }));
  const again = pathsOf({ ...RUN, outages: closed }).flatMap(({ outages }) => outages);
  expect(again.filter(({ endedBy }) => endedBy === "address")).toHaveLength(2);
});

test("runs are grouped by what they differ in, and by nothing that is the same", () => {
  const run = (cpe: string, kernel: string) => {
    const made = runRecord({ everyMs: 10_000, variables: { cpe } });
    return { ...made, machine: { ...made.machine, kernel } };
  };
  expect(groupRuns([run("a", "6.1")]).map(({ label }) => label)).toEqual(["cpe=a"]);
  const groups = groupRuns([run("a", "6.1"), run("b", "6.1"), run("a", "6.12"), run("a", "6.1")]);
  expect(groups.map(({ label, runs }) => [label, runs.length])).toEqual([
    ["cpe=a, kernel 6.1", 2],
    ["cpe=b, kernel 6.1", 1],
    ["cpe=a, kernel 6.12", 1],
  ]);
});

test("the spread of six values has bounds of the median, that of five has none", () => {
  const runs = [1, 2, 3, 4, 5, 9].map((noticedS) => runRecord({ everyMs: 10_000, noticedS }));
  const spread = (count: number) =>
    compareRuns(runs.slice(0, count)).find(({ expectation }) => expectation === "alpha-deprecated")?.groups[0]
      ?.spread;
  expect(spread(6)).toEqual({
    count: 6,
    least: 1,
    lowQuartile: 2.25,
    median: 3.5,
    highQuartile: 4.75,
    most: 9,
    medianWithin: [1, 9],
  });
  expect(spread(5)?.medianWithin).toBeNull();
});

test("a column of time holds least, median and most, and who brought the packets", () => {
  const [first] = pathsOf(RUN);
  const columns = timeColumns(first?.probes ?? [], 90, 9);
  expect(columns.map(({ sent }) => sent)).toEqual(Array.from({ length: 9 }, () => 100));
  expect(columns.map(({ noAnswer, notSent }) => noAnswer + notSent).slice(1, 4)).toEqual([100, 100, 100]);
  expect(columns[1]?.rtt).toBeNull();
  const { least = 0, median = 0, most = 0 } = columns[0]?.rtt ?? {};
  expect(least).toBeLessThan(median);
  expect(median).toBeLessThan(most);
  expect(columns.map(({ arrivedBy }) => arrivedBy)).toEqual([
    "alpha",
    null,
    null,
    null,
    ...Array.from({ length: 5 }, () => "alpha"),
  ]);
  expect(stretches(columns, ({ arrivedBy }) => arrivedBy, 0.001)).toEqual([
    { fromS: 0, toS: 10, value: "alpha" },
    { fromS: 40, toS: 90, value: "alpha" },
  ]);
});

test.each([
  [0, "0 s"],
  [0.0042, "4.2 ms"],
  [0.0998, "100 ms"],
  [3.2, "3.20 s"],
  [30.1, "30.1 s"],
  [185, "3 min 5 s"],
])("%d seconds are %s", (seconds, text) => {
  expect(span(seconds)).toBe(text);
});

test("values keep as many digits as say something", () => {
  expect([figure(3, "packets"), figure(12_345_678, "bit/s"), figure(1.23456, "%")]).toEqual([
    "3 packets",
    "12\u202F345\u202F678 bit/s",
    "1.235 %",
  ]);
  expect([milliseconds(420_000), milliseconds(12_340_000), milliseconds(120_400_000)]).toEqual([
    "0.42 ms",
    "12.3 ms",
    "120 ms",
  ]);
  expect([roundUp(0.3), roundUp(11), roundUp(50), ticksUpTo(90, 9).length]).toEqual([0.5, 20, 50, 10]);
});
