/** A track for each source address: round trips, losses, the address' state, and by whom its packets came in. */
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { quantile } from "../../core/judge/experiment/statistics.ts";
import { pathsOf, rttsOf, type ProbedPath } from "../../core/judge/evidence/paths.ts";
import { figuresOf } from "../../core/judge/evidence/phases.ts";
import { colourOf, count, milliseconds, percent, plural, span } from "./words.ts";
import { timeColumns } from "./columns-of-time.ts";
import { markup, type Markup, type Part } from "./html.ts";
import { figureAt, plot, row, stretched } from "./plot.ts";
import { dots, HEIGHT, LOSS, losses, medians, ranges, unsent, type Marks } from "./probe-marks.ts";
import { roundUp, type TimeScale } from "./scale.ts";
import { arrivalRow, routerRows, stateRow } from "./strips.ts";

/** What keeps a page below a megabyte: so many tracks, and so many marks in all of them. */
export const MOST_TRACKS = 60;
const MOST_MARKS = 30_000;
const MOST_COLUMNS = 600;
/** Probes of one track that are drawn each by itself. */
const MOST_DOTS = 1500;

export function nodeRows(record: RunRecord, scale: TimeScale): Part[] {
  const all = pathsOf(record);
  const paths = all.slice(0, MOST_TRACKS);
  const topNs = topOf(paths);
  const marks = marksFor(all.length);
  const several = new Set(paths.map(({ target }) => target)).size > 1;
  const nodes = [...new Set([...record.nodes, ...paths.map(({ node }) => node)])];
  const rows = nodes.flatMap((node): Part[] => {
    const own = paths.filter((path) => path.node === node);
    if (own.length === 0) return [];
    return [
      markup`<h3>${node}</h3>`,
      ...routerRows(record, node, scale),
      ...own.map(
        (path) => markup`<div class="source">
${rttRow(record, path, { scale, topNs, marks, several })}
${stateRow(path, scale)}
${arrivalRow(record, path, scale)}
</div>
`,
      ),
    ];
  });
  const left = all.length - paths.length;
  return left === 0
    ? rows
    : [...rows, markup`<p class="note">${plural(left, "more track")}: see the table, and probes.csv.</p>`];
}

/** How many marks each of so many tracks may have. */
function marksFor(tracks: number): number {
  return Math.floor(MOST_MARKS / Math.max(1, Math.min(tracks, MOST_TRACKS)));
}

/** Whether any track is drawn in columns of time. */
export function hasColumns(record: RunRecord): boolean {
  const paths = pathsOf(record);
  return paths.some(({ probes }) => probes.length > Math.min(MOST_DOTS, marksFor(paths.length)));
}

/** The top of all tracks' scale: one for all, so that they can be compared; what is beyond is drawn at the edge. */
function topOf(paths: readonly ProbedPath[]): number {
  const high = quantile(rttsOf(paths.flatMap(({ probes }) => probes)), 0.99) ?? 1e6;
  return roundUp(high * 1.1, [1, 1.5, 2, 3, 4, 5, 6, 8, 10]);
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
  const drawn: Marks = {
    probes: single ? probes : null,
    columns,
    everyS: record.scenario.probes.everyMs / 1000,
  };
  const marksOf = single ? dots(probes, scale, y) : ranges(columns, scale, y);
  const inside = markup`${outages.map(
    ({ fromS, untilS }) =>
      markup`<rect class="outage" x="${scale.at(fromS)}" width="${scale.length(fromS, untilS)}" height="${HEIGHT}"/><rect class="span" x="${scale.at(fromS)}" width="${scale.length(fromS, untilS)}" height="2"/>`,
  )}<line class="base" x1="0" x2="100%" y1="${HEIGHT}" y2="${HEIGHT}"/>${stretched(
    HEIGHT + LOSS + 2,
    markup`<path class="${single ? "dots" : "ranges"} ${colour}" d="${marksOf}"/>${
      !single && markup`<path class="medians ${colour}" d="${medians(columns, scale, y)}"/>`
    }<path class="lost" d="${losses(drawn, scale)}"/>`,
  )}${unsent(drawn, scale)}<text class="tick" x="3" y="11">${topNs / 1e6} ms</text>${labels(path, scale)}`;
  const figures = inWords(path);
  const sentence = `Round trips from ${source} of ${path.node} to ${target}: ${figures}`;
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
