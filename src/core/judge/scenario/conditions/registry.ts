/** All kinds of conditions; what depends on the kind of one is looked up here. */
import type { z } from "zod";
import { oneOfKinds } from "../../experiment/record.ts";
import { seenAt, type Timeline } from "../../experiment/timeline.ts";
import { ANSWERS } from "./answers.ts";
import type { Recorded } from "./kind.ts";
import { STATES } from "./states.ts";

const { reaches, resolves } = ANSWERS;

/** In the order of the docs. */
export const CONDITIONS = { reaches, ...STATES, resolves };

type Kinds = typeof CONDITIONS;
/** Something that is true of a lab at a moment, or not. */
export type Condition = { [K in keyof Kinds]: z.output<Kinds[K]["record"]> }[keyof Kinds];

/** A condition as the record has it. */
export const conditionRecord = oneOfKinds<Condition>(
  "is",
  Object.values(CONDITIONS).map(({ record }) => record),
);

/** A condition in words. */
export function conditionText(condition: Condition): string {
  return CONDITIONS[condition.is].text(condition as never);
}

/** Whether a condition is the lack of something. */
export function isLack(condition: Condition): boolean {
  return CONDITIONS[condition.is].isLack(condition as never);
}

/** When a condition was true; undefined where the record cannot tell. */
export function conditionTimeline(condition: Condition, record: Recorded): Timeline | undefined {
  return CONDITIONS[condition.is].timeline(condition as never, record);
}

/** What was last sent is known for so many seconds, and at least for so many probes. */
const FRESH_S = 5;
const FRESH_PROBES = 10;

/** Whether a condition is true by what was last seen before a moment; undefined where nothing was. */
export function holdsAt(condition: Condition, record: Recorded, atS: number): boolean | undefined {
  const freshS = Math.max(FRESH_S, (FRESH_PROBES * record.scenario.probes.everyMs) / 1000);
  const since = (atS - freshS) * 1e9;
  const probes = record.probes.filter(({ sentNs }) => sentNs >= since);
  const timeline = conditionTimeline(condition, { ...record, probes });
  return timeline === undefined ? undefined : (seenAt(timeline, atS)?.holds ?? undefined);
}
