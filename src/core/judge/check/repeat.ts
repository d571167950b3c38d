import type { Attempt, Result } from "./verdict.ts";

/** A result, and the folder of the run that it is from. */
export interface Attempted {
  readonly run: string;
  readonly result: Result;
}

/**
 * The result of a requirement that failed, out of each time that it was checked. It fails only if it was repeated and failed
 * each time.
 */
export function repeated(first: Attempted, again: readonly Attempted[]): Result {
  const all = [first, ...again];
  const failed = all.filter(({ result }) => result.verdict === "fail").length;
  const verdict = again.length > 0 && failed === all.length ? "fail" : "inconclusive";
  return {
    ...first.result,
    verdict,
    reason: verdict === "fail" ? `${first.result.reason}; failed ${failed} of ${all.length} times` : why(all),
    evidence: all.flatMap(({ result }) => result.evidence),
    attempts: all.map(attemptOf),
  };
}

function why(all: readonly Attempted[]): string {
  const failed = all.filter(({ result }) => result.verdict === "fail");
  const other = all.find(({ result }) => result.verdict !== "fail");
  const figures = failed.at(-1)?.result;
  const said = `failed ${failed.length} of ${all.length} times (${figures?.reason ?? ""})`;
  return other === undefined
    ? `${said}, and the check was ended before it was repeated`
    : `${said}, then ${other.result.verdict} (${other.result.reason})`;
}

function attemptOf({ run, result: { verdict, reason, samples, violations } }: Attempted): Attempt {
  return { run, verdict, reason, samples, violations };
}
