/** What a run, or several, end the program with. */
import type { RunRecord } from "./model.ts";

/** What steps and verdicts come to when all is as expected. */
const FINE: ReadonlySet<string> = new Set(["done", "met", "known-failure"]);

/** A step or an expectation that cannot be had here; the number that quic-interop-runner uses for it. */
const UNSUPPORTED = 127;

/**
 * 0: all is met, and what is known to fail fails; 127: a step cannot be done here, so that the rest says little; 1 otherwise. What
 * is met though it is told as a known failure counts as 1, so that the scenario is put right.
 */
export function exitCodeOf(
  records: readonly Pick<RunRecord, "steps" | "verdicts" | "partial">[],
): 0 | 1 | 127 {
  const codes = new Set(records.map(codeOf));
  if (codes.has(UNSUPPORTED)) return UNSUPPORTED;
  return codes.has(1) ? 1 : 0;
}

function codeOf({
  steps,
  verdicts,
  partial,
}: Pick<RunRecord, "steps" | "verdicts" | "partial">): 0 | 1 | 127 {
  const outcomes = new Set([...steps.map(({ outcome }) => outcome), ...verdicts.map(({ result }) => result)]);
  if (outcomes.has("unsupported")) return UNSUPPORTED;
  return [...outcomes].every((one) => FINE.has(one)) && !partial ? 0 : 1;
}
