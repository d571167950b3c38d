import type { RunRecord, Verdict } from "../experiment/model.ts";

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
  met: { word: "met", mark: "✓", tone: "good" },
  "not-met": { word: "not met", mark: "✗", tone: "bad" },
  "known-failure": { word: "known failure", many: "known failures", mark: "◐", tone: "odd" },
  "unexpectedly-met": {
    word: "met, though a known failure",
    many: "met, though known failures",
    mark: "◑",
    tone: "odd",
  },
  unsupported: { word: "unsupported", mark: "–", tone: "none" },
  "not-reached": { word: "not reached", mark: "–", tone: "none" },
} as const satisfies Record<Verdict["result"], Outcome>;

type Result = Verdict["result"];

/** What a run comes to; the worst of its verdicts counts. A run that was cut short is no success. */
export function resultOf({ verdicts, partial }: Pick<RunRecord, "verdicts" | "partial">): Result {
  const have = (result: Result): boolean => verdicts.some((verdict) => verdict.result === result);
  if (have("not-met")) return "not-met";
  if (partial || have("not-reached")) return "not-reached";
  return (["unsupported", "known-failure", "unexpectedly-met"] as const).find(have) ?? "met";
}

/** How many verdicts there are of each result; only those that there are, the best first. */
export function countsOf(verdicts: readonly Pick<Verdict, "result">[]): [result: Result, count: number][] {
  return (Object.keys(OUTCOMES) as Result[])
    .map((result): [Result, number] => [result, verdicts.filter((one) => one.result === result).length])
    .filter(([, count]) => count > 0);
}

/** The same as a sentence: `2 of 4 expectations met, 1 not met, 1 known failure`. */
export function countSentence(verdicts: readonly Pick<Verdict, "result">[]): string {
  if (verdicts.length === 0) return "no expectations";
  const met = verdicts.filter(({ result }) => result === "met").length;
  const rest = countsOf(verdicts)
    .filter(([result]) => result !== "met")
    .map(([result, count]) => {
      const { word, many = word }: Outcome = OUTCOMES[result];
      return `${count} ${count === 1 ? word : many}`;
    });
  const of = verdicts.length === 1 ? "1 expectation" : `${verdicts.length} expectations`;
  return [`${met} of ${of} met`, ...rest].join(", ");
}
