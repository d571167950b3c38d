import { median } from "../experiment/statistics.ts";
import { LOAD_METRICS, metricOf, type LoadMetric } from "../experiment/load-metrics.ts";
import type { LoadSample } from "../experiment/record.ts";
import { groupBy } from "../../model/grouped.ts";
import { counted } from "../../model/words.ts";

/** What each load told last, in a line, by its id. */
export function latestOf(samples: readonly LoadSample[]): ReadonlyMap<string, string> {
  const last = new Map<string, LoadSample>();
  for (const sample of samples) last.set(`${sample.load} ${sample.metric}`, sample);
  const byLoad = groupBy(last.values(), ({ load }) => load);
  return new Map([...byLoad].map(([load, told]) => [load, told.map(textOf).join(", ")]));
}

function textOf({ metric, value }: LoadSample): string {
  return `${nameOf(metric)} ${metricOf(metric).text(value)}`;
}

/** A metric as people read it. */
export function nameOf(metric: LoadMetric): string {
  return metric.replaceAll("-", " ");
}

/** What a load measured, in a line; undefined when it measured nothing. */
export function summaryOf(samples: readonly Pick<LoadSample, "metric" | "value">[]): string | undefined {
  const parts = LOAD_METRICS.flatMap((metric) => {
    const values = samples.filter((one) => one.metric === metric).map(({ value }) => value);
    const [first] = values;
    if (first === undefined) return [];
    const { total, text } = metricOf(metric);
    const name = nameOf(metric);
    if (total === true) return [`${name} ${text(first)}`];
    return [`${name} ${text(median(values) ?? first)} (median of ${counted(values.length, "sample")})`];
  });
  return parts.length === 0 ? undefined : parts.join(", ");
}
