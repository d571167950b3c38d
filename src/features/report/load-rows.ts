/** A track for each metric of each load, to the scale of the timeline. */
import { groupBy } from "../../core/model/grouped.ts";
import { metricOf, type LoadMetric } from "../../core/judge/experiment/load-metrics.ts";
import type { LoadSample } from "../../core/judge/experiment/record.ts";
import { nameOf } from "../../core/judge/load/summary.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { markup, type Markup, type Part } from "./html.ts";
import { plot, row, stretched } from "./plot.ts";
import type { TimeScale } from "./scale.ts";

/** What one load measured of one metric, in the order of time. */
export interface LoadSeries {
  readonly load: string;
  readonly metric: LoadMetric;
  readonly samples: readonly LoadSample[];
}

/** The series of a record, in the order in which they began to be told. */
export function loadSeries({ loads }: Pick<RunRecord, "loads">): LoadSeries[] {
  return [...groupBy(loads, ({ load, metric }) => `${load} ${metric}`).values()].map((samples) => {
    const [{ load, metric }] = samples;
    return { load, metric, samples: samples.toSorted((one, other) => one.atNs - other.atNs) };
  });
}

const HEIGHT = 44;

export function loadRows(record: RunRecord, scale: TimeScale): Part[] {
  const series = loadSeries(record).filter(({ metric }) => metricOf(metric).total !== true);
  if (series.length === 0) return [];
  return [
    markup`<h3>Loads</h3>`,
    ...series.map(({ load, metric, samples }) => {
      const { text } = metricOf(metric);
      const most = samples.reduce((top, { value }) => Math.max(top, value), 0);
      const words = `${load}: ${nameOf(metric)}, at most ${text(most)}`;
      return row(
        "track",
        markup`<p><b>${load}</b> ${nameOf(metric)}</p><p class="small">0 to ${text(most)}</p>`,
        plot(HEIGHT, words, picture(samples, most, scale)),
      );
    }),
  ];
}

/** So many columns at most, so that a series of any length stays small: the greatest of each is drawn. */
const MOST_COLUMNS = 800;

function picture(samples: readonly LoadSample[], most: number, scale: TimeScale): Markup {
  const y = (value: number): number =>
    Number((HEIGHT - 4 - (HEIGHT - 8) * (most === 0 ? 0 : value / most)).toFixed(1));
  const columnNs = (scale.endS * 1e9) / MOST_COLUMNS;
  const columns = new Map<number, LoadSample>();
  for (const sample of samples) {
    const column = Math.floor(sample.atNs / columnNs);
    const known = columns.get(column);
    if (known === undefined || known.value < sample.value) columns.set(column, sample);
  }
  const drawn = [...columns.values()].map(({ atNs, lastsNs, value }) => {
    const fromX = scale.unit(atNs / 1e9);
    const toX = Math.max(scale.unit((atNs + lastsNs) / 1e9), fromX + 2);
    return `M${fromX} ${y(value)}H${toX}`;
  });
  return markup`<line class="base" x1="0" x2="100%" y1="${HEIGHT - 4}" y2="${HEIGHT - 4}"/>${stretched(
    HEIGHT,
    markup`<path class="medians" d="${drawn.join("")}"/>`,
  )}`;
}
