/** When steps start: as it is written, or by the seed. */
import { seededRandom } from "../seeded-random.ts";
import { z } from "zod";
import { formatSpan } from "../values/units.ts";
import type { Finding } from "../yaml/findings.ts";
import { time } from "./values.ts";

/** A time, or two between which the seed chooses; in seconds. */
export type When = number | { readonly between: readonly number[] };

/** How `at` is written. */
export function when(description: string): z.ZodType<When> {
  const one = time(description);
  const two = z.array(time("Seconds since the beginning.")).meta({ minItems: 2, maxItems: 2 });
  return z
    .union([one, z.strictObject({ between: two.meta({ description: "The earliest and the latest time." }) })])
    .meta({ description });
}

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
