/** Steps that change nothing: waits and marks. */
import * as z from "zod";
import { formatSpan } from "../../../model/values/units.ts";
import { CONDITIONS, conditionRecord, conditionText, type Condition } from "../conditions/registry.ts";
import { entryKind, kindIn, Trouble, type EntryList, type RawMap, type Reference } from "../entries/entry.ts";
import { prose, time } from "../entries/values.ts";
import { stepKind } from "./kind.ts";

const USUAL_LIMIT_S = 60;
const LIST: EntryList<Condition> = {
  kinds: Object.fromEntries(Object.entries(CONDITIONS).map(([key, kind]) => [key, entryKind(kind as never)])),
  code: "MHLAB_SCENARIO_STEP",
  noun: "condition",
};

const wait = stepKind("wait", {
  summary: "waits until a condition is true; later than `within`, the step has failed",
  example: "{wait: {delegated: beta, at: home}, within: 30s}",
  shape: {
    wait: z
      .record(z.string(), z.unknown())
      .meta({ description: "A condition, with the keys that it has under `expect`." }),
    within: time("How long at most.", { usual: "1m" }).optional(),
  },
  deeper: (map) => below(map["wait"]),
  fields: { until: conditionRecord, withinS: z.number() },
  read({ wait: map, within = USUAL_LIMIT_S }) {
    const kind = kindIn(LIST, map);
    const until = kind instanceof Trouble ? kind : kind.read(map);
    if (!(until instanceof Trouble)) return { until, withinS: within };
    return new Trouble(until.findings.map((finding) => ({ ...finding, path: ["wait", ...finding.path] })));
  },
  command: ({ until, withinS }) =>
    `wait until ${conditionText(until)}, at most ${formatSpan(Math.round(withinS * 1000))}`,
  limitS: ({ withinS }) => withinS + 5,
  node: () => null,
});

function below(map: unknown): readonly Reference[] {
  if (typeof map !== "object" || map === null || Array.isArray(map)) return [];
  const kind = kindIn(LIST, map as RawMap);
  if (kind instanceof Trouble) return [];
  return kind.references(map as RawMap).map((one) => ({ ...one, path: ["wait", ...one.path] }));
}

const mark = stepKind("mark", {
  summary: "does nothing, and stands on the timeline of the report",
  example: '{at: 30s, mark: "from here on, only beta"}',
  shape: { mark: prose("What is written there.", "from here on, only beta") },
  fields: { text: z.string() },
  read: ({ mark: text }) => ({ text }),
  command: ({ text }) => `mark: ${text}`,
  limitS: () => 5,
  node: () => null,
});

export const PAUSES = { wait, mark };
