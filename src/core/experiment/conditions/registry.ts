/** All kinds of conditions; what depends on the kind of one is looked up here. */
import type { Condition } from "../model.ts";
import { seenAt, type Timeline } from "../timeline.ts";
import { address } from "./address.ts";
import type { ConditionKind, Recorded } from "./condition-kind.ts";
import { delegated } from "./delegated.ts";
import { prefix } from "./prefix.ts";
import { reaches } from "./reaches.ts";
import { resolves } from "./resolves.ts";
import { router } from "./router.ts";

const CONDITIONS = { delegated, address, router, prefix, reaches, resolves } as const satisfies {
  readonly [K in Condition["is"]]: ConditionKind<Extract<Condition, { is: K }>>;
};

function kindOf(condition: Condition): ConditionKind<never> {
  return CONDITIONS[condition.is];
}

/** A condition in words. */
export function conditionText(condition: Condition): string {
  return kindOf(condition).text(condition as never);
}

/** Whether a condition is the lack of something. */
export function isLack(condition: Condition): boolean {
  return kindOf(condition).isLack(condition as never);
}

/** When a condition was true; undefined where the record cannot tell. */
export function conditionTimeline(condition: Condition, record: Recorded): Timeline | undefined {
  return kindOf(condition).timeline(condition as never, record);
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
