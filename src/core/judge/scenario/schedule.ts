/** When the steps of a scenario are due, and how long a run of it can take. */
import type { StepResult } from "../experiment/record.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { formatSpan } from "../../model/values/units.ts";
import type { Finding } from "../../model/yaml/findings.ts";
import { windowOf, type Expectation } from "./expectations/registry.ts";
import type { Scenario } from "./record.ts";
import type { When } from "./steps/kind.ts";
import { lastsS, type Step } from "./steps/registry.ts";

/** When each step starts, in seconds; null: after the one before. With what is wrong about the order. */
export function schedule(
  steps: readonly { readonly at: When | undefined; readonly index: number }[],
  seed: number,
): { readonly atS: ReadonlyMap<number, number | null>; readonly findings: readonly Finding[] } {
  const random = seededRandom(seed);
  const atS = new Map<number, number | null>();
  const findings: Finding[] = [];
  let latest = 0;
  for (const { at, index } of steps) {
    const range = rangeOf(at);
    if (range === undefined) {
      atS.set(index, null);
      continue;
    }
    const [from, to] = range;
    const path = ["steps", index, "at"];
    if (!(from <= to))
      findings.push({
        code: "MHLAB_SCENARIO_WINDOW",
        message: "a step starts between two times, the earlier one first",
        hint: "write at: {between: [5s, 9s]}",
        path,
      });
    else if (from < latest)
      findings.push({
        code: "MHLAB_SCENARIO_ORDER",
        message: `this step may start at ${formatSpan(from * 1000)}, and one above it at ${formatSpan(latest * 1000)}`,
        hint: "write steps in the order in which they start",
        path,
      });
    else latest = to;
    // In whole milliseconds, which is what a schedule can say.
    atS.set(index, from === to ? from : Math.round((from + random() * (to - from)) * 1000) / 1000);
  }
  return { atS, findings };
}

function rangeOf(at: When | undefined): readonly [number, number] | undefined {
  if (at === undefined) return undefined;
  if (typeof at === "number") return [at, at];
  const [from = Number.NaN, to = Number.NaN, ...more] = at.between;
  return more.length > 0 ? [Number.NaN, Number.NaN] : [from, to];
}

/** Steps that follow each other; the first is due at its time, the others once the one before is done. */
interface Chain {
  /** Seconds since t=0. */
  readonly atS: number;
  readonly steps: readonly Step[];
}

/** The chains of a scenario, which run beside each other: each step with a time begins one. */
export function chainsOf(steps: readonly Step[]): Chain[] {
  const chains: { atS: number; steps: Step[] }[] = [];
  for (const step of steps) {
    const last = chains.at(-1);
    if (step.atS !== null || last === undefined) chains.push({ atS: step.atS ?? 0, steps: [step] });
    else last.steps.push(step);
  }
  return chains;
}

/** When the last window of time ends that an expectation is about; 0 when none is about one. */
export function lastWindowS(expectations: readonly Expectation[]): number {
  return Math.max(0, ...expectations.map((one) => windowOf(one, [])?.[1] ?? 0));
}

/** When a run is over as things stand: all is done and was seen for a while, every fault had its time, and every expectation its window. */
export function endS({ steps, expect, settleS }: Scenario, results: readonly StepResult[]): number {
  const known = new Map(results.map((one) => [one.id, one]));
  const ends = steps.map((step) => {
    const result = known.get(step.id);
    if (result?.outcome === "not-reached" || result?.outcome === "unsupported") return 0;
    const startS = result?.startedS ?? step.atS ?? 0;
    const doneS = result?.endedS ?? startS;
    return Math.max(doneS + settleS, startS + (lastsS(step) ?? 0) + settleS);
  });
  return Math.max(settleS, lastWindowS(expect), ...ends);
}
