/** What the table of outages says of how well each was measured. */
import { expect, test } from "vitest";
import { outageTable } from "../../../../../src/features/report/data-tables.ts";
import { writeOpenMetrics } from "../../../../../src/features/report/openmetrics.ts";
import type { ProbeSample } from "../../../../../src/core/judge/experiment/record.ts";
import type { RunRecord } from "../../../../../src/core/judge/scenario/record.ts";
import { outagesOf } from "../../../../../src/core/judge/experiment/outages.ts";
import { runRecord } from "../../../support/run-record.ts";

const plain = runRecord();

function probe(atS: number, outcome: ProbeSample["outcome"]): ProbeSample {
  const sentNs = Math.round(atS * 1e9);
  const base = {
    node: "home",
    source: "2001:db8:a:1::1",
    target: "2001:db8::1",
    seq: sentNs / 1e8,
    sentNs,
  };
  const receivedNs = outcome === "answered" ? sentNs + 1e6 : null;
  return { ...base, outcome, receivedNs, reason: null, arrivedBy: null, arrivedNs: null };
}

/** A record of probes every 100 ms, of which some seconds were lost and others never sent. */
function recordWith(lost: readonly [number, number], silent: readonly [number, number]): RunRecord {
  const { everyMs } = plain.scenario.probes;
  const probes = Array.from({ length: Math.round(10_000 / everyMs) }, (_, index) => (index * everyMs) / 1000)
    .filter((atS) => atS < silent[0] || atS >= silent[1])
    .map((atS) => probe(atS, atS >= lost[0] && atS < lost[1] ? "no-answer" : "answered"));
  return { ...plain, durationS: 10, probes, outages: outagesOf(probes) };
}

const timesOf = (record: RunRecord): readonly string[] => outageTable(record).rows[0]?.slice(3, 7) ?? [];
const resolution = `± ${plain.scenario.probes.everyMs} ms`;

test("a measured outage has the interval of the probes as its resolution", () => {
  expect(timesOf(recordWith([2, 4], [0, 0]))).toEqual(["2.00 s", "4.00 s", "2.00 s", resolution]);
});

test("an outage without an earlier answer is told as one that may have begun before", () => {
  expect(timesOf(recordWith([0, 4], [0, 0]))).toEqual([
    "0.00 s or before (no earlier answer)",
    "4.00 s",
    "at least 4.00 s",
    resolution,
  ]);
});

test("an outage in which nothing was sent for a time says so", () => {
  const [, , lasted] = timesOf(recordWith([2, 8], [3, 7]));
  expect(lasted).toBe("6.00 s, 4.00 s of it without probes");
});

test("no two samples of a series in metrics.om share a millisecond as Prometheus cuts them", () => {
  const probes = Array.from({ length: 50 }, (_, index) => probe(1 + index * 1e-5, "answered"));
  const lines = writeOpenMetrics({ ...plain, probes }).split("\n");
  const stored = lines
    .filter((line) => line.startsWith("mhlab_probe_answered{"))
    .map((line) => Math.trunc(Number(line.split(" ").at(-1)) * 1000));
  expect(new Set(stored).size).toBe(50);
  expect(stored).toEqual(stored.toSorted((one, other) => one - other));
});
