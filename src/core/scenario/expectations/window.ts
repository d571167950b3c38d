import { Trouble } from "../entry.ts";

/** A window of time as a claim has it; or why it is none. */
export function windowOf(span: readonly number[] | undefined): readonly [number, number] | null | Trouble {
  if (span === undefined) return null;
  const [from, to, ...more] = span;
  if (from !== undefined && to !== undefined && more.length === 0 && from < to) return [from, to];
  return Trouble.at(["while"], "MHLAB_SCENARIO_WINDOW", [
    from === undefined || to === undefined || more.length > 0
      ? "a window has two times"
      : "this window ends before it begins",
    "write the earlier one first: while: [10s, 40s]",
  ]);
}
