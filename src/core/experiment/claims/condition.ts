import { conditionText, conditionTimeline } from "../conditions/registry.ts";
import { inSeconds, inWindow } from "../figures.ts";
import { beginningOf, nothing, type ClaimKind, type Finding, type Of } from "./claim-kind.ts";
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
    if (timeline === undefined) return nothing("unsupported", "nothing was recorded that could tell");
    const { while: window, withinS } = claim;
    if (window !== null) return judgeWhile(timeline, { fromS: window[0] + withinS, toS: window[1] }, record);
    if (claim.afterStep != null) {
      const begun = beginningOf(record, claim.afterStep);
      return "missing" in begun
        ? begun.missing
        : judgeAfter(timeline, { startS: begun.fromS, withinS }, record);
    }
    return judgeAfter(timeline, { startS: claim.afterS ?? 0, withinS }, record);
  },
};
