import { conditionText, conditionTimeline, isLack } from "../conditions/registry.ts";
import { inSeconds, inWindow } from "../figures.ts";
import { beginningOf, nothing, unlessCovered, type ClaimKind, type Finding, type Of } from "./claim-kind.ts";
import { judgeAfter } from "./condition-after.ts";
import { judgeWhile } from "./condition-while.ts";

/** A condition in a window of time, or from a moment on. */
export const condition: ClaimKind<Of<"condition">> = {
  text(claim) {
    const { condition: what, while: window, afterS, afterStep, withinS } = claim;
    const words = conditionText(what);
    if (window !== null)
      return `${words}${inWindow(window)}${withinS > 0 ? `, after ${inSeconds(withinS)} at the most` : ""}`;
    const since = afterStep ?? (afterS === null ? "the beginning" : inSeconds(afterS));
    return `${words} within ${inSeconds(withinS)} of ${since}`;
  },
  judge(claim, record): Finding {
    const timeline = conditionTimeline(claim.condition, record);
    if (timeline === undefined) return nothing("inconclusive", "nothing was recorded that could tell");
    const { while: window, withinS, afterStep = null } = claim;
    const lacking = isLack(claim.condition);
    if (window !== null)
      return unlessCovered(
        judgeWhile(timeline, { fromS: window[0] + withinS, toS: window[1] }, record),
        lacking && timeline.answered === false ? ["nothing was ever answered in this run"] : [],
      );
    const from = { withinS, step: afterStep, isLack: lacking };
    if (afterStep === null) return judgeAfter(timeline, { ...from, startS: claim.afterS ?? 0 }, record);
    const begun = beginningOf(record, afterStep);
    return "missing" in begun
      ? begun.missing
      : judgeAfter(timeline, { ...from, startS: begun.fromS }, record);
  },
};
