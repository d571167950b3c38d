import type { RunRecord } from "../scenario/record.ts";
import type { Verdict } from "../experiment/record.ts";

/** How the results of an expectation are told, in every format. */
export interface Outcome {
  readonly word: string;
  /** Of several; left out: the same word. */
  readonly many?: string;
  /** For pictures and lists; the word always stands beside it. */
  readonly mark: string;
  readonly tone: "good" | "bad" | "odd" | "none";
}

export const OUTCOMES = {
  passed: { word: "passed", mark: "✓", tone: "good" },
  failed: { word: "failed", mark: "✗", tone: "bad" },
  "expected-failure": { word: "expected failure", many: "expected failures", mark: "◐", tone: "odd" },
  "unexpected-pass": { word: "unexpected pass", many: "unexpected passes", mark: "◑", tone: "bad" },
  unsupported: { word: "unsupported", mark: "–", tone: "none" },
  inconclusive: { word: "inconclusive", mark: "?", tone: "bad" },
} as const satisfies Record<Verdict["result"], Outcome>;

type Result = Verdict["result"];

/** What a run comes to; the worst of its verdicts counts. A run that was cut short is no success. */
export function resultOf({ verdicts, partial }: Pick<RunRecord, "verdicts" | "partial">): Result {
  const have = (result: Result): boolean => verdicts.some((verdict) => verdict.result === result);
  if (have("failed")) return "failed";
  if (partial || have("inconclusive")) return "inconclusive";
  return (["unexpected-pass", "unsupported", "expected-failure"] as const).find(have) ?? "passed";
}

/** How many verdicts there are of each result; only those that there are, the best first. */
export function countsOf(verdicts: readonly Pick<Verdict, "result">[]): [result: Result, count: number][] {
  return (Object.keys(OUTCOMES) as Result[])
    .map((result): [Result, number] => [result, verdicts.filter((one) => one.result === result).length])
    .filter(([, count]) => count > 0);
}

/** The same as a sentence: `2 of 4 expectations passed, 1 failed, 1 expected failure`. */
export function countSentence(verdicts: readonly Pick<Verdict, "result">[]): string {
  if (verdicts.length === 0) return "no expectations";
  const passed = verdicts.filter(({ result }) => result === "passed").length;
  const rest = countsOf(verdicts)
    .filter(([result]) => result !== "passed")
    .map(([result, count]) => {
      const { word, many = word }: Outcome = OUTCOMES[result];
      return `${count} ${count === 1 ? word : many}`;
    });
  const of = verdicts.length === 1 ? "1 expectation" : `${verdicts.length} expectations`;
  return [`${passed} of ${of} passed`, ...rest].join(", ");
}
