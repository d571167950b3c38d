/** What a run, or several, end the program with. */
import type { Run } from "./record.ts";

/** What steps and verdicts come to when all is as expected. */
const FINE: ReadonlySet<string> = new Set(["done", "passed", "expected-failure"]);

/** A step or an expectation that cannot be had here; the number that quic-interop-runner uses for it. */
const UNSUPPORTED = 127;

/**
 * 0: everything passed or failed as expected; 127: a step cannot be done here, so that the rest says little; 1 otherwise,
 * with inconclusive verdicts and unexpected passes among them.
 */
export function exitCodeOf(records: readonly Pick<Run, "steps" | "verdicts" | "partial">[]): 0 | 1 | 127 {
  const codes = new Set(records.map(codeOf));
  if (codes.has(UNSUPPORTED)) return UNSUPPORTED;
  return codes.has(1) ? 1 : 0;
}

function codeOf({ steps, verdicts, partial }: Pick<Run, "steps" | "verdicts" | "partial">): 0 | 1 | 127 {
  const outcomes = new Set([...steps.map(({ outcome }) => outcome), ...verdicts.map(({ result }) => result)]);
  if (outcomes.has("unsupported")) return UNSUPPORTED;
  return [...outcomes].every((one) => FINE.has(one)) && !partial ? 0 : 1;
}
