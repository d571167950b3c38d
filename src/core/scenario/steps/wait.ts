import { z } from "zod";
import { conditionText } from "../../experiment/conditions/registry.ts";
import type { Condition, Deed } from "../../experiment/model.ts";
import { formatSpan } from "../../values/units.ts";
import { entryKind, kindIn, Trouble, type EntryList, type RawMap, type Reference } from "../entry.ts";
import { CONDITIONS } from "../expectations/conditions.ts";
import { time } from "../values.ts";
import type { StepKind } from "./step-kind.ts";

const USUAL_LIMIT_S = 60;
const LIST: EntryList<Condition> = { kinds: CONDITIONS, code: "MHLAB_SCENARIO_STEP", noun: "condition" };

/** Until something is true. */
export const wait: StepKind<Extract<Deed, { do: "wait" }>> = {
  entry: entryKind({
    summary: "waits until a condition is true; later than `within`, the step has failed",
    example: "{wait: {delegated: beta, at: home}, within: 30s}",
    shape: {
      wait: z
        .record(z.string(), z.unknown())
        .meta({ description: "A condition, with the keys that it has under `expect`." }),
      within: time("How long at most.", { usual: "1m" }).optional(),
    },
    deeper: (map) => below(map["wait"]),
    read({ wait: map, within = USUAL_LIMIT_S }) {
      const kind = kindIn(LIST, map);
      const until = kind instanceof Trouble ? kind : kind.read(map);
      if (!(until instanceof Trouble)) return { do: "wait", until, withinS: within };
      return new Trouble(until.findings.map((finding) => ({ ...finding, path: ["wait", ...finding.path] })));
    },
  }),
  command: ({ until, withinS }) =>
    `wait until ${conditionText(until)}, at most ${formatSpan(Math.round(withinS * 1000))}`,
};

function below(map: unknown): readonly Reference[] {
  if (typeof map !== "object" || map === null || Array.isArray(map)) return [];
  const kind = kindIn(LIST, map as RawMap);
  if (kind instanceof Trouble) return [];
  return kind.references(map as RawMap).map((one) => ({ ...one, path: ["wait", ...one.path] }));
}
