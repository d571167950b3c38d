import { inSeconds } from "../../experiment/figures.ts";
import { seenAt, withGaps, type Moment, type Timeline } from "../../experiment/timeline.ts";
import { changeAfter, changesOf } from "./changes.ts";
import { nothing, type Finding, type Judged } from "./kind.ts";
import { shown, unknownIn } from "./condition-while.ts";

interface From {
  readonly startS: number;
  readonly withinS: number;
  /** The step that it is after; null: a time. */
  readonly step: string | null;
  /** It is the lack of something: it proves nothing unless that was there before. */
  readonly isLack: boolean;
}

/** Whether it became so in time, and stayed so until something else was done. */
export function judgeAfter(timeline: Timeline, from: From, record: Judged): Finding {
  const { startS, withinS, step, isLack } = from;
  const { durationS } = record;
  if (durationS <= startS) return nothing("inconclusive", `the run ended after ${inSeconds(durationS)}`);
  const changes = changesOf(record, step);
  const moments = momentsFrom(timeline, startS, durationS);
  const stays = moments.find(
    (moment, index) =>
      moment.holds === true && lasts(moment, moments.slice(index + 1), { timeline, changes }),
  );
  const tookS = stays === undefined ? undefined : stays.atS - startS;
  // Where nothing was sent at once, the first probe is the earliest that can tell.
  const [first] = moments;
  const firstS = timeline.kind === "samples" && first !== undefined ? first.atS - startS : 0;
  if (stays !== undefined && tookS !== undefined && tookS <= Math.max(withinS, firstS)) {
    if (isLack && !timeline.moments.some(({ holds, atS }) => holds === false && atS <= stays.atS))
      return nothing(
        "inconclusive",
        `it was so from the beginning, so nothing shows that it became so: ${stays.text}`,
      );
    return {
      result: "passed",
      measured: `so after ${inSeconds(tookS)}`,
      value: tookS,
      unit: "s",
      evidence: shown([stays]),
    };
  }
  if (durationS < startS + withinS)
    return nothing("inconclusive", `the run ended after ${inSeconds(durationS)}`);
  const [missing] = unknownIn(moments);
  if (missing !== undefined)
    return { ...nothing("inconclusive", missing), evidence: shown(moments.slice(0, 3)) };
  if (moments.length === 0) return nothing("inconclusive", "nothing was seen after that");
  const against = moments.filter(({ holds }) => holds === false);
  return {
    result: "failed",
    measured:
      tookS === undefined
        ? `not so within ${inSeconds(withinS)}, nor later`
        : `so only after ${inSeconds(tookS)}`,
    value: tookS ?? null,
    unit: tookS === undefined ? null : "s",
    evidence: shown([...against.slice(0, 3), stays]),
  };
}

/** What was seen from a moment on; of a state, also what was so then. */
function momentsFrom(timeline: Timeline, startS: number, durationS: number): Moment[] {
  const later = withGaps(timeline, [startS, durationS]).moments.filter(
    ({ atS, holds }) => atS > startS || (holds === null && atS === startS),
  );
  if (timeline.kind === "samples") return later;
  const before = seenAt(timeline, startS);
  return before === undefined ? later : [{ ...before, atS: startS }, ...later];
}

/** Whether it is known to stay so until the lab is changed. */
function lasts(
  { atS }: Moment,
  later: readonly Moment[],
  { timeline, changes }: { readonly timeline: Timeline; readonly changes: readonly number[] },
): boolean {
  const end = changeAfter(changes, atS);
  const guardS = timeline.guardS ?? 0;
  return !later.some((moment) => moment.holds !== true && (end === undefined || moment.atS < end - guardS));
}
