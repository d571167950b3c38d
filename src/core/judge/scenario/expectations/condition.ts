import * as z from "zod";
import { inSeconds, inWindow } from "../../experiment/figures.ts";
import { spanShape } from "../../experiment/record.ts";
import {
  CONDITIONS,
  conditionRecord,
  conditionText,
  conditionTimeline,
  isLack,
  type Condition,
} from "../conditions/registry.ts";
import type { ConditionWords } from "../conditions/kind.ts";
import { Trouble, type EntryKind, type Shape } from "../entries/entry.ts";
import { moment, time, window } from "../entries/values.ts";
import { judgeAfter } from "./condition-after.ts";
import { judgeWhile } from "./condition-while.ts";
import { beginningOf, expectationEntry, judgedKind, nothing, unlessCovered, type WrittenOf } from "./kind.ts";

/**
 * A condition that is true for all of `while` (after `within` of grace at its beginning), or becomes true `within` seconds of
 * `after` and stays until something else is done: a step, or the end of a fault.
 */
export const condition = judgedKind("condition", {
  fields: {
    condition: conditionRecord,
    while: spanShape.nullable(),
    /** With a step: when it was planned, null where that is not known. */
    afterS: z.number().nullable(),
    /** The step whose beginning `after` is. */
    afterStep: z.string().nullish(),
    withinS: z.number(),
  },
  text({ condition: what, while: during, afterS, afterStep, withinS }) {
    const words = conditionText(what);
    if (during !== null)
      return `${words}${inWindow(during)}${withinS > 0 ? `, after ${inSeconds(withinS)} at the most` : ""}`;
    const since = afterStep ?? (afterS === null ? "the beginning" : inSeconds(afterS));
    return `${words} within ${inSeconds(withinS)} of ${since}`;
  },
  judge(expected, record) {
    const timeline = conditionTimeline(expected.condition, record);
    if (timeline === undefined) return nothing("inconclusive", "nothing was recorded that could tell");
    const { while: during, withinS, afterS, afterStep = null } = expected;
    const lacking = isLack(expected.condition);
    if (during !== null)
      return unlessCovered(
        judgeWhile(timeline, { fromS: during[0] + withinS, toS: during[1] }, record),
        lacking && timeline.answered === false ? ["nothing was ever answered in this run"] : [],
      );
    const from = { withinS, step: afterStep, isLack: lacking };
    if (afterStep === null) return judgeAfter(timeline, { ...from, startS: afterS ?? 0 }, record);
    const begun = beginningOf(record, afterStep);
    return "missing" in begun
      ? begun.missing
      : judgeAfter(timeline, { ...from, startS: begun.fromS }, record);
  },
  limits: ({ while: during, withinS }) => ({ atLeast: null, atMost: during === null ? withinS : null }),
  window({ while: during, afterS, afterStep, withinS }, steps) {
    if (during !== null) return during;
    const step = steps.find(({ id, outcome }) => id === afterStep && outcome !== "not-reached");
    const fromS = step?.startedS ?? afterS;
    return fromS === null ? null : [fromS, fromS + withinS];
  },
  settleS: ({ afterStep = null, withinS }) => (afterStep === null ? 0 : withinS),
});

const timeKeys = {
  while: window("From and to, as `[10s, 40s]`: it is true for all of this time.").optional(),
  after: moment(
    "A time or the id of a step: it becomes true after that, and stays so until something else is done.",
  ).optional(),
  within: time("How long it may take: from the beginning of `while`, or from `after`.", {
    usual: "0s",
  }).optional(),
};

const wrong = (path: string[], message: string, hint: string): Trouble =>
  Trouble.at(path, "MHLAB_SCENARIO_WINDOW", [message, hint]);

/** A condition with the time in which it is expected. */
function timed(words: ConditionWords<Shape, z.ZodRawShape>): EntryKind<WrittenOf<object>> {
  return expectationEntry("condition", {
    ...words,
    shape: { ...words.shape, ...timeKeys },
    refs: { ...words.refs, after: "moment" },
    read({ while: during = null, after, within = 0, ...values }) {
      if (during === null && after === undefined)
        return wrong(
          [],
          "it is not said when this is expected",
          "add while: [10s, 40s], or after: 10s with within: 5s",
        );
      if (during !== null && after !== undefined)
        return wrong(
          ["after"],
          "while and after exclude each other",
          "while: it is so all that time; after: it becomes so",
        );
      if (during !== null && during[0] + within >= during[1])
        return wrong(["within"], "this is as long as all of while", "leave time in which it has to be so");
      return {
        condition: words.read(values) as Condition,
        while: during,
        afterS: typeof after === "number" ? after : null,
        afterStep: typeof after === "object" ? after.step : null,
        withinS: within,
      };
    },
  });
}

/** Each kind of condition as an expectation, by its key. */
export const TIMED_CONDITIONS = Object.fromEntries(
  Object.entries(CONDITIONS).map(([key, words]) => [key, timed(words as never)]),
);
