/** When probes were not answered. */
import { groupBy } from "../../model/grouped.ts";
import type { Outage, ProbeSample } from "./record.ts";

const NS = 1e9;
/** A source whose probes end so many intervals before those of all others has gone. */
const INTERVALS = 3;
const LEAST_GAP_S = 1;

/**
 * The outages of each source to each target, in the order of their beginning. One begins when the first probe is sent that is
 * not answered, and ends when the first is sent after it that is. It has no end when it lasts to the end of all probes; of a
 * source that went before, it ends with its last probe.
 */
export function outagesOf(probes: readonly ProbeSample[]): Outage[] {
  const endNs = probes.reduce((latest, { sentNs }) => Math.max(latest, sentNs), 0);
  return [...seriesOf(probes).values()]
    .flatMap((series) => outagesOfSeries(series, endNs))
    .toSorted((one, other) => one.fromS - other.fromS);
}

/** Probes of each node, source and target, in the order in which they were sent. */
function seriesOf(probes: readonly ProbeSample[]): Map<string, ProbeSample[]> {
  const series = groupBy(probes, ({ node, source, target }) => `${node} ${source} ${target}`);
  for (const one of series.values())
    one.sort((left, right) => left.sentNs - right.sentNs || left.seq - right.seq);
  return series;
}

function outagesOfSeries(series: readonly ProbeSample[], endNs: number): Outage[] {
  const found: Outage[] = [];
  let open: { fromNs: number; lost: number } | undefined;
  for (const { node, source, target, sentNs, outcome } of series) {
    if (outcome !== "answered") {
      open ??= { fromNs: sentNs, lost: 0 };
      open.lost += 1;
    } else if (open !== undefined) {
      found.push({ node, source, target, fromS: open.fromNs / NS, toS: sentNs / NS, lost: open.lost });
      open = undefined;
    }
  }
  const last = series.at(-1);
  if (open === undefined || last === undefined) return found;
  const { node, source, target, sentNs } = last;
  const toS = endNs - sentNs > goneAfterNs(series) ? sentNs / NS : null;
  return [...found, { node, source, target, fromS: open.fromNs / NS, toS, lost: open.lost }];
}

function goneAfterNs(series: readonly ProbeSample[]): number {
  const gaps = series
    .slice(1)
    .map(({ sentNs }, index) => sentNs - (series[index]?.sentNs ?? sentNs))
    .toSorted((one, other) => one - other);
  return Math.max(LEAST_GAP_S * NS, INTERVALS * (gaps[Math.floor(gaps.length / 2)] ?? 0));
}
