/** A track for each source address: round trips, losses, the address' state, and by whom its packets came in. */
import type { Fact, RunRecord } from "../../experiment/model.ts";
import { quantile } from "../../experiment/statistics.ts";
import { pathsOf, rttNsOf, rttsOf, type ProbedPath } from "../paths.ts";
import { figuresOf } from "../phases.ts";
import { colourOf } from "./claims.ts";
import { stretches, timeColumns, type Stretch, type TimeColumn } from "./columns-of-time.ts";
import { markup, type Markup, type Part } from "./html.ts";
import { figureAt, plot, row, segment, stretched } from "./plot.ts";
import { roundUp, type TimeScale } from "./scale.ts";
import { count, milliseconds, percent, plural, span } from "./words.ts";

/** What keeps a page below a megabyte: so many tracks, and so many marks in all of them. */
export const MOST_TRACKS = 60;
const MOST_MARKS = 30_000;
const MOST_COLUMNS = 600;
/** Probes of one track that are drawn each by itself. */
const MOST_DOTS = 1500;

const HEIGHT = 56;
const LOSS = 10;
const STRIP = 15;

export function memberRows(record: RunRecord, scale: TimeScale): Part[] {
  const all = pathsOf(record);
  const paths = all.slice(0, MOST_TRACKS);
  const topNs = topOf(paths);
  const marks = Math.floor(MOST_MARKS / Math.max(1, paths.length));
  const several = new Set(paths.map(({ target }) => target)).size > 1;
  const members = [...new Set([...record.members, ...paths.map(({ member }) => member)])];
  const rows = members.flatMap((member): Part[] => {
    const own = paths.filter((path) => path.member === member);
    if (own.length === 0) return [];
    return [
      markup`<h3>${member}</h3>`,
      ...routerRows(record, member, scale),
      ...own.flatMap((path) => [
        rttRow(record, path, { scale, topNs, marks, several }),
        ...stateRow(path, scale),
        ...arrivalRow(record, path, scale),
      ]),
    ];
  });
  const left = all.length - paths.length;
  return left === 0
    ? rows
    : [...rows, markup`<p class="note">${plural(left, "more track")}: see the table, and probes.csv.</p>`];
}

/** The top of all tracks' scale: one for all, so that they can be compared; what is beyond is drawn at the edge. */
function topOf(paths: readonly ProbedPath[]): number {
  const high = quantile(rttsOf(paths.flatMap(({ probes }) => probes)), 0.99) ?? 1e6;
  return roundUp(high * 1.1);
}

interface Drawing {
  readonly scale: TimeScale;
  readonly topNs: number;
  /** How many marks this track may have. */
  readonly marks: number;
  readonly several: boolean;
}

function rttRow(record: RunRecord, path: ProbedPath, { scale, topNs, marks, several }: Drawing): Markup {
  const { target, source, provider, probes } = path;
  const outages = path.outages.filter(({ lost }) => lost > 1);
  const colour = colourOf(record, provider);
  const single = probes.length <= Math.min(MOST_DOTS, marks);
  const wanted = Math.ceil((scale.endS * 1000) / record.scenario.probes.everyMs);
  const columns = timeColumns(
    probes,
    scale.endS,
    Math.max(1, Math.min(wanted, single ? MOST_DOTS : MOST_COLUMNS, marks)),
  );
  const y = (ns: number): number => 2 + Math.round((1 - Math.min(1, ns / topNs)) * (HEIGHT - 4));
  const marksOf = single ? dots(probes, scale, y) : ranges(columns, scale, y);
  const inside = markup`${outages.map(
    ({ fromS, untilS }) =>
      markup`<rect class="outage" x="${scale.at(fromS)}" width="${scale.length(fromS, untilS)}" height="${HEIGHT}"/><rect class="span" x="${scale.at(fromS)}" width="${scale.length(fromS, untilS)}" height="2"/>`,
  )}<line class="base" x1="0" x2="100%" y1="${HEIGHT}" y2="${HEIGHT}"/>${stretched(
    HEIGHT + LOSS + 2,
    markup`<path class="${single ? "dots" : "ranges"} ${colour}" d="${marksOf}"/>${
      !single && markup`<path class="medians ${colour}" d="${medians(columns, scale, y)}"/>`
    }<path class="lost" d="${losses(columns, scale)}"/>`,
  )}${unsent(columns, scale)}<text class="tick" x="3" y="11">${topNs / 1e6} ms</text>${labels(path, scale)}`;
  const figures = inWords(path);
  const sentence = `Round trips from ${source} of ${path.member} to ${target}: ${figures}`;
  return row(
    "track",
    markup`<p><span class="swatch ${colour}" aria-hidden="true"></span><b>${provider ?? "source"}</b>${
      several && markup` to <code>${target}</code>`
    }</p><p><code>${source}</code></p><p class="small">${figures}</p>`,
    plot(HEIGHT + LOSS + 2, sentence, inside),
  );
}

function inWords({ probes, outages }: ProbedPath): string {
  const { medianNs, noAnswer, notSent } = figuresOf(probes);
  const longest = outages.reduce((most, { fromS, untilS }) => Math.max(most, untilS - fromS), 0);
  return [
    medianNs === null ? "never answered" : `median ${milliseconds(medianNs)}`,
    `${count(noAnswer)} of ${count(probes.length)} unanswered (${percent(noAnswer, probes.length)})`,
    ...(notSent === 0 ? [] : [`${count(notSent)} not sent`]),
    ...(longest === 0 ? [] : [`longest outage ${span(longest)}`]),
  ].join(" · ");
}

function dots(probes: ProbedPath["probes"], scale: TimeScale, y: (ns: number) => number): string {
  return probes
    .map((probe) => {
      const rtt = rttNsOf(probe);
      return rtt === undefined ? "" : `M${scale.unit(probe.sentNs / 1e9)} ${y(rtt)}h0`;
    })
    .join("");
}

/** From the least to the greatest round trip of each column. */
function ranges(columns: readonly TimeColumn[], scale: TimeScale, y: (ns: number) => number): string {
  return columns
    .map(({ fromS, toS, rtt }) =>
      rtt === null ? "" : `M${scale.unit((fromS + toS) / 2)} ${y(rtt.most)}V${y(rtt.least)}`,
    )
    .join("");
}

/** A line through the medians, which ends where nothing was answered. */
function medians(columns: readonly TimeColumn[], scale: TimeScale, y: (ns: number) => number): string {
  let drawing = false;
  return columns
    .map(({ fromS, toS, rtt }) => {
      if (rtt === null) {
        drawing = false;
        return "";
      }
      const point = `${drawing ? "L" : "M"}${scale.unit((fromS + toS) / 2)} ${y(rtt.median)}`;
      drawing = true;
      return point;
    })
    .join("");
}

/** How high a column's tick is: the share that was not answered; null where all was. */
function tickOf({ noAnswer, sent }: TimeColumn): number | null {
  return noAnswer === 0 ? null : Math.max(2, Math.round((LOSS * noAnswer) / sent));
}

/** Ticks below the round trips. */
function losses(columns: readonly TimeColumn[], scale: TimeScale): string {
  return stretches(columns, tickOf, 0.001)
    .map(({ fromS, toS, value }) => {
      const [from, to] = [scale.unit(fromS), scale.unit(toS)];
      return `M${from} ${HEIGHT + 1}v${value}h${to - from}v-${value}z`;
    })
    .join("");
}

function isUnsent({ notSent }: TimeColumn): true | null {
  return notSent === 0 ? null : true;
}

function unsent(columns: readonly TimeColumn[], scale: TimeScale): Markup[] {
  return stretches(columns, isUnsent, 0.001).map(
    ({ fromS, toS }) =>
      markup`<rect class="unsent" x="${scale.at(fromS)}" width="${scale.length(fromS, toS)}" y="${HEIGHT + 2}" height="${LOSS - 2}"/>`,
  );
}

/** How long an outage was, where there is room for the words; all are in the table. */
function labels({ outages }: ProbedPath, scale: TimeScale): Markup[] {
  let free = -Infinity;
  return outages.flatMap(({ fromS, untilS }) => {
    const middle = (fromS + untilS) / 2;
    if ((untilS - fromS) / scale.endS < 0.006 || middle < free) return [];
    free = middle + scale.endS * 0.16;
    return figureAt(scale, { fromS, toS: untilS }, HEIGHT / 2 + 4, span(untilS - fromS));
  });
}

const ADDRESS_KINDS: Readonly<Record<string, string>> = { preferred: "preferred", deprecated: "deprecated" };

function stateRow({ states, source }: ProbedPath, scale: TimeScale): Markup[] {
  return states.length === 0 ? [] : [factRow("address", `State of ${source}`, states, scale, ADDRESS_KINDS)];
}

function routerRows({ facts }: RunRecord, member: string, scale: TimeScale): Markup[] {
  const own = facts.filter((fact) => fact.kind === "router" && fact.member === member);
  const routers = [...new Set(own.map(({ subject }) => subject))];
  return routers.map((router) => {
    const states = own.filter(({ subject }) => subject === router).sort((one, other) => one.atS - other.atS);
    const provider = states.find((fact) => fact.provider !== null)?.provider;
    const who = markup`default router <code>${router}</code>${provider !== undefined && ` of ${provider}`}`;
    return factRow(who, `Default router ${router}`, states, scale, {});
  });
}

/** A state as a strip: what it was, from each fact to the next. */
function factRow(
  who: Part,
  label: string,
  facts: readonly Fact[],
  scale: TimeScale,
  kinds: Readonly<Record<string, string>>,
): Markup {
  const parts = facts.flatMap(({ atS, state }, index) => {
    const toS = facts[index + 1]?.atS ?? scale.endS;
    return state === null || toS <= atS
      ? []
      : [{ fromS: atS, toS, text: state, kind: kinds[state] ?? "other", height: STRIP }];
  });
  const words = parts.map(
    ({ text, fromS, toS }) => `${text} from ${fromS.toFixed(2)} to ${toS.toFixed(2)} s`,
  );
  return row(
    "strip",
    who,
    plot(
      STRIP,
      `${label}: ${words.join(", ") || "none"}`,
      parts.map((one) => segment(scale, one)),
    ),
  );
}

/** From the first to the last packet that came in by the same provider; by columns where it changes all the time. */
function arrivals(probes: ProbedPath["probes"], endS: number, everyS: number): Stretch<string>[] {
  const each = probes.map((probe) => {
    const fromS = probe.sentNs / 1e9;
    return { fromS, toS: fromS + everyS, arrivedBy: probe.arrivedBy };
  });
  const exact = stretches(each, ({ arrivedBy }) => arrivedBy, 3 * everyS);
  if (exact.length <= 100) return exact;
  return stretches(timeColumns(probes, endS, 100), ({ arrivedBy }) => arrivedBy, 0.001);
}

/** By whose tunnel the far side got the packets. Another's than the source's own is a leak. */
function arrivalRow(record: RunRecord, { source, provider, probes }: ProbedPath, scale: TimeScale): Markup[] {
  if (probes.every(({ arrivedBy }) => arrivedBy === null)) return [];
  const parts = arrivals(probes, scale.endS, record.scenario.probes.everyMs / 1000);
  const leaks = probes.filter(
    ({ arrivedBy }) => arrivedBy !== null && provider !== null && arrivedBy !== provider,
  );
  const who = markup`came in by${leaks.length > 0 && markup` <span class="tag bad">${count(leaks.length)} by another</span>`}`;
  const words = parts.map(
    ({ value, fromS, toS }) => `${value} from ${fromS.toFixed(1)} to ${toS.toFixed(1)} s`,
  );
  return [
    row(
      "strip",
      who,
      plot(
        STRIP,
        `Packets from ${source} came in by: ${words.slice(0, 20).join(", ")}`,
        parts.map(({ value, fromS, toS }) => {
          const foreign = provider !== null && value !== provider ? "foreign" : "";
          return segment(scale, {
            fromS,
            toS,
            text: value,
            kind: `way ${colourOf(record, value)} ${foreign}`,
            height: STRIP,
          });
        }),
      ),
    ),
  ];
}
