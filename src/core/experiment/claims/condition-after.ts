import { inSeconds } from "../figures.ts";
import { seenAt, type Moment, type Timeline } from "../timeline.ts";
import { changeAfter, changesOf } from "./changes.ts";
import { nothing, type Finding, type Judged } from "./claim-kind.ts";
import { shown } from "./condition-while.ts";

interface From {
  readonly startS: number;
  readonly withinS: number;
}

/** Whether it became so in time, and stayed so until something else was done. */
export function judgeAfter(timeline: Timeline, { startS, withinS }: From, record: Judged): Finding {
  const { durationS } = record;
  if (durationS <= startS) return nothing("inconclusive", `the run ended after ${inSeconds(durationS)}`);
  const changes = changesOf(record);
  const moments = from(timeline, startS);
  const lasting = moments.find(
    (moment, index) => moment.holds && lasts(moment, moments.slice(index + 1), { timeline, changes }),
  );
  const tookS = lasting === undefined ? undefined : lasting.atS - startS;
  // Where nothing was sent at once, the first probe is the earliest that can tell.
  const [first] = moments;
  const firstS = timeline.kind === "samples" && first !== undefined ? first.atS - startS : 0;
  if (lasting !== undefined && tookS !== undefined && tookS <= Math.max(withinS, firstS))
    return {
      result: "passed",
      measured: `so after ${inSeconds(tookS)}`,
      value: tookS,
      unit: "s",
      evidence: shown([lasting]),
    };
  if (durationS < startS + withinS)
    return nothing("inconclusive", `the run ended after ${inSeconds(durationS)}`);
  if (moments.length === 0)
    return { ...nothing("unsupported", "nothing was seen after that"), result: "failed" };
  const against = moments.filter(({ holds }) => !holds);
  return {
    result: "failed",
    measured:
      tookS === undefined
        ? `not so within ${inSeconds(withinS)}, nor later`
        : `so only after ${inSeconds(tookS)}`,
    value: tookS ?? null,
    unit: tookS === undefined ? null : "s",
    evidence: shown([...against.slice(0, 3), lasting]),
  };
}

/** What was seen from a moment on; of a state, also what was so then. */
function from(timeline: Timeline, startS: number): Moment[] {
  const later = timeline.moments.filter(({ atS }) => atS > startS);
  if (timeline.kind === "samples") return later;
  const before = seenAt(timeline, startS);
  return before === undefined ? later : [{ ...before, atS: startS }, ...later];
}

/** Whether it stays so until the lab is changed. */
function lasts(
  { atS }: Moment,
  later: readonly Moment[],
  { timeline, changes }: { readonly timeline: Timeline; readonly changes: readonly number[] },
): boolean {
  const end = changeAfter(changes, atS);
  const guardS = timeline.guardS ?? 0;
  return !later.some((moment) => !moment.holds && (end === undefined || moment.atS < end - guardS));
}
