/** The probes of a track as paths and rectangles: round trips above, what was not answered or not sent below. */
import type { ProbeSample } from "../../core/judge/experiment/record.ts";
import { rttNsOf, type ProbedPath } from "../../core/judge/evidence/paths.ts";
import { stretches, type Stretch, type TimeColumn } from "./columns-of-time.ts";
import { markup, type Markup } from "./html.ts";
import type { TimeScale } from "./scale.ts";

/** Height of the round trips, and of the ticks below them. */
export const HEIGHT = 56;
export const LOSS = 10;

export function dots(probes: ProbedPath["probes"], scale: TimeScale, y: (ns: number) => number): string {
  return probes
    .map((probe) => {
      const rtt = rttNsOf(probe);
      return rtt === undefined ? "" : `M${scale.unit(probe.sentNs / 1e9)} ${y(rtt)}h0`;
    })
    .join("");
}

/** From the least to the greatest round trip of each column. */
export function ranges(columns: readonly TimeColumn[], scale: TimeScale, y: (ns: number) => number): string {
  return columns
    .map(({ fromS, toS, rtt }) =>
      rtt === null ? "" : `M${scale.unit((fromS + toS) / 2)} ${y(rtt.most)}V${y(rtt.least)}`,
    )
    .join("");
}

/** A line through the medians, which ends where nothing was answered or nothing was sent. */
export function medians(columns: readonly TimeColumn[], scale: TimeScale, y: (ns: number) => number): string {
  let endS = -Infinity;
  return columns
    .map(({ fromS, toS, rtt }) => {
      if (rtt === null) return "";
      const point = `${fromS - endS < 1.5 * (toS - fromS) ? "L" : "M"}${scale.unit((fromS + toS) / 2)} ${y(rtt.median)}`;
      endS = toS;
      return point;
    })
    .join("");
}

/** What is drawn: each probe where they are few, columns otherwise. */
export interface Marks {
  readonly probes: ProbedPath["probes"] | null;
  readonly columns: readonly TimeColumn[];
  readonly everyS: number;
}

/** How high a column's tick is: the share that was not answered; null where all was. */
function tickOf({ noAnswer, sent }: TimeColumn): number | null {
  return noAnswer === 0 ? null : Math.max(2, Math.round((LOSS * noAnswer) / sent));
}

/** Ticks below the round trips: of each probe that was not answered, or of columns. */
export function losses({ probes, columns, everyS }: Marks, scale: TimeScale): string {
  const found =
    probes === null ? stretches(columns, tickOf, 0.001) : lasting(probes, "no-answer", everyS, LOSS);
  return found
    .map(({ fromS, toS, value }) => {
      const [from, to] = [scale.unit(fromS), scale.unit(toS)];
      return `M${from} ${HEIGHT + 1}v${value}h${to - from}v-${value}z`;
    })
    .join("");
}

function isUnsent({ notSent }: TimeColumn): true | null {
  return notSent === 0 ? null : true;
}

export function unsent({ probes, columns, everyS }: Marks, scale: TimeScale): Markup[] {
  const found =
    probes === null ? stretches(columns, isUnsent, 0.001) : lasting(probes, "not-sent", everyS, true);
  return found.map(
    ({ fromS, toS }) =>
      markup`<rect class="unsent" x="${scale.at(fromS)}" width="${scale.length(fromS, toS)}" y="${HEIGHT + 2}" height="${LOSS - 2}"/>`,
  );
}

/** How long probes one after the other had the same outcome: each until the next one was due. */
function lasting<T>(
  probes: ProbedPath["probes"],
  wanted: ProbeSample["outcome"],
  everyS: number,
  value: T,
): Stretch<T>[] {
  const each = probes
    .filter(({ outcome }) => outcome === wanted)
    .map(({ sentNs }) => ({ fromS: sentNs / 1e9, toS: sentNs / 1e9 + everyS }));
  // A probe is sent late by some of its interval, but not by a half.
  return stretches(each, () => value, everyS / 2);
}
