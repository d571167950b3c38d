/** Several runs side by side: what they measured for the same expectation, by scenario and by what the runs differ in. */
import { groupBy } from "../../model/grouped.ts";
import type { RunRecord } from "../scenario/record.ts";
import type { Verdict } from "../experiment/record.ts";
import { medianInterval, quantile } from "../experiment/statistics.ts";

/** Figures of some values, in the unit of the expectation. */
export interface Spread {
  readonly count: number;
  readonly least: number;
  readonly lowQuartile: number;
  readonly median: number;
  readonly highQuartile: number;
  readonly most: number;
  /** Holds the median of all such runs with at least 95 %; null for less than six values. */
  readonly medianWithin: readonly [number, number] | null;
}

/** Runs that differ in nothing but chance. */
export interface RunGroup {
  readonly label: string;
  readonly runs: readonly RunRecord[];
}

export interface GroupValues {
  readonly label: string;
  /** In the order of the runs. */
  readonly values: readonly number[];
  /** Runs in which the expectation gave no value: it never came to it. */
  readonly without: number;
  readonly results: readonly Verdict["result"][];
  readonly spread: Spread | null;
}

export interface Comparison {
  readonly scenario: string;
  readonly expectation: string;
  readonly text: string;
  readonly unit: string | null;
  readonly groups: readonly GroupValues[];
}

/** The runs of each scenario by what they differ in. */
export function groupRuns(runs: readonly RunRecord[]): RunGroup[] {
  const facets = FACETS.filter(({ of }) => new Set(runs.map(of)).size > 1);
  const names = [...new Set(runs.flatMap(({ variables }) => Object.keys(variables)))];
  const labelOf = (run: RunRecord): string =>
    [
      ...names.map((name) => `${name}=${run.variables[name] ?? "\u2013"}`),
      ...facets.map(({ name, of }) => `${name} ${of(run)}`),
    ].join(", ") || "all runs";
  return [...groupBy(runs, labelOf)].map(([label, group]) => ({ label, runs: group }));
}

/** In what runs of a scenario can differ beside its variables. */
const FACETS: readonly { readonly name: string; readonly of: (run: RunRecord) => string }[] = [
  { name: "lab", of: ({ lab }) => lab },
  { name: "mhlab", of: ({ machine }) => machine.mhlab },
  { name: "kernel", of: ({ machine }) => machine.kernel },
];

/** Every expectation that gave a value in any run, in the order of the first run of its scenario. */
export function compareRuns(records: readonly RunRecord[]): Comparison[] {
  const scenarios = [...new Set(records.map(({ scenario }) => scenario.name))];
  return scenarios.flatMap((scenario) => {
    const runs = records.filter((run) => run.scenario.name === scenario);
    const groups = groupRuns(runs);
    const all = runs.flatMap(({ verdicts }) => verdicts);
    return [...new Set(all.map(({ id }) => id))].flatMap((id): Comparison[] => {
      const withValue = all.find((verdict) => verdict.id === id && verdict.value !== null);
      if (withValue === undefined) return [];
      return [
        {
          scenario,
          expectation: id,
          text: withValue.text,
          unit: withValue.unit,
          groups: groups.map((group) => valuesOf(group, id)),
        },
      ];
    });
  });
}

function valuesOf({ label, runs }: RunGroup, id: string): GroupValues {
  const found = runs.flatMap(({ verdicts }) => verdicts.filter((verdict) => verdict.id === id));
  const values = found.flatMap(({ value }) => value ?? []);
  return {
    label,
    values,
    without: runs.length - values.length,
    results: found.map(({ result }) => result),
    spread: spreadOf(values),
  };
}

function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const at = (share: number): number => quantile(values, share) ?? NaN;
  const interval = medianInterval(values);
  return {
    count: values.length,
    least: at(0),
    lowQuartile: at(0.25),
    median: at(0.5),
    highQuartile: at(0.75),
    most: at(1),
    medianWithin: interval === undefined ? null : [interval.low, interval.high],
  };
}
