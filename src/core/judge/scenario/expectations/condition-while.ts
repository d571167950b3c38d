import { inNumber, inSeconds } from "../../experiment/figures.ts";
import { lengthOf, type Span } from "../../experiment/spans.ts";
import { seenAt, withGaps, type Moment, type Timeline } from "../../experiment/timeline.ts";
import { MOST_EVIDENCE, nothing, unlessCovered, type Finding, type Judged } from "./kind.ts";

interface Window {
  readonly fromS: number;
  readonly toS: number;
}

/** Whether it was so in all of a window. */
export function judgeWhile(timeline: Timeline, window: Window, record: Judged): Finding {
  if (record.durationS <= window.fromS)
    return nothing("inconclusive", `the run ended after ${inSeconds(record.durationS)}`);
  const found = timeline.kind === "samples" ? ofSamples(timeline, window) : ofState(timeline, window);
  const cut = record.durationS < window.toS;
  return found.result === "passed" && cut
    ? {
        ...found,
        result: "inconclusive",
        measured: `${found.measured}, until the run ended after ${inSeconds(record.durationS)}`,
      }
    : found;
}

function ofSamples(timeline: Timeline, { fromS, toS }: Window): Finding {
  const { guardS = 0 } = timeline;
  const inside = withGaps(timeline, [fromS, toS]).moments.filter(({ atS }) => atS >= fromS && atS < toS);
  const known = inside.filter(({ holds }) => holds !== null);
  const sure = known.filter(({ atS }) => atS < toS - guardS);
  const samples = sure.length > 0 ? sure : known;
  if (samples.length === 0) return nothing("inconclusive", "nothing was sent in that time");
  const against = samples.filter(({ holds }) => holds === false);
  const [first] = against;
  if (first === undefined)
    return unlessCovered(
      {
        result: "passed",
        measured: `so for all of ${inNumber(samples.length, "sample")}`,
        value: 0,
        unit: "samples",
        evidence: shown([samples[0], samples.at(-1)]),
      },
      unknownIn(inside),
    );
  return {
    result: "failed",
    measured: `not so for ${against.length} of ${inNumber(samples.length, "sample")}, first at ${inSeconds(first.atS)}`,
    value: against.length,
    unit: "samples",
    evidence: shown(against.slice(0, MOST_EVIDENCE)),
  };
}

function ofState(timeline: Timeline, { fromS, toS }: Window): Finding {
  const before = seenAt(timeline, fromS) ?? { atS: fromS, holds: null, text: "nothing was known yet" };
  const later = timeline.moments.filter(({ atS }) => atS > fromS && atS < toS);
  const moments: Moment[] = [{ ...before, atS: fromS }, ...later];
  const against = moments.flatMap(({ holds, atS }, index): Span[] =>
    holds === false ? [[atS, moments[index + 1]?.atS ?? toS]] : [],
  );
  const seconds = lengthOf(against);
  const [first] = against;
  if (first === undefined)
    return unlessCovered(
      {
        result: "passed",
        measured: "so all that time",
        value: 0,
        unit: "s",
        evidence: shown([moments[0], moments.at(-1)]),
      },
      unknownIn(moments),
    );
  return {
    result: "failed",
    measured: `not so for ${inSeconds(seconds)} of ${inSeconds(toS - fromS)}, first at ${inSeconds(first[0])}`,
    value: seconds,
    unit: "s",
    evidence: shown(moments.filter(({ holds }) => holds === false).slice(0, MOST_EVIDENCE)),
  };
}

/** Why some of the time is not known. */
export function unknownIn(moments: readonly Moment[]): string[] {
  return moments.flatMap(({ holds, text }) => (holds === null ? text : []));
}

/** Moments as evidence, each once. */
export function shown(moments: readonly (Moment | undefined)[]): { atS: number; text: string }[] {
  const all = moments.flatMap((moment) =>
    moment === undefined ? [] : [{ atS: moment.atS, text: moment.text }],
  );
  return all.filter(({ atS }, index) => all.findIndex((other) => other.atS === atS) === index);
}
