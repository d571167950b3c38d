import type { Claim, Condition } from "../../experiment/model.ts";
import { Trouble, type EntryKind } from "../entry.ts";
import { moment, time, window } from "../values.ts";
import { windowOf } from "./window.ts";

const shape = {
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
export function timed(condition: EntryKind<Condition>): EntryKind<Claim> {
  return condition.extended({
    shape,
    refs: { after: "moment" },
    join(own, { while: span, after, within = 0 }): Claim | Trouble {
      const during = windowOf(span);
      if (during instanceof Trouble) return during;
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
        claim: "condition",
        condition: own,
        while: during,
        afterS: after !== undefined && "atS" in after ? after.atS : null,
        afterStep: after !== undefined && "step" in after ? after.step : null,
        withinS: within,
      };
    },
  });
}
