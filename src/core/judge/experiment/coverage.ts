/** What a record covers: which probes were due, and in which times nothing was observed. */
import { groupBy } from "../../model/grouped.ts";
import type { ProbeSample, Probing } from "./record.ts";
import type { Observed } from "./record.ts";
import { intersection, lengthOf, type Span } from "./spans.ts";

const NS = 1e9;
/** A busy machine sends late: a silence counts as a gap after so many intervals, and at least this long. */
const INTERVALS = 3;
const LEAST_S = 0.5;
/** A clock is never set back by less than this without a step. */
const STEP_BACK_NS = 1_000_000;

/** The times of a window in which no sample was taken although one was due every `everyS`; `atS` in order. */
export function gapsOf(atS: readonly number[], [fromS, toS]: Span, everyS: number): Span[] {
  const longestS = Math.max(INTERVALS * everyS, LEAST_S);
  const inside = atS.filter((one) => one >= fromS - longestS && one < toS);
  const gaps = [...inside, toS].flatMap((next, index): Span[] => {
    const last = inside[index - 1];
    const begin = last === undefined ? fromS : Math.max(fromS, last + everyS);
    return next - begin > longestS ? [[begin, next]] : [];
  });
  return intersection(gaps, [[fromS, toS]]);
}

/** How many samples are due in that time. */
export function dueIn([fromS, toS]: Span, everyS: number): number {
  return Math.max(0, Math.ceil((toS - fromS) / everyS - 1e-6));
}

type Recorded = Pick<Observed, "nodes" | "probes" | "durationS"> & {
  readonly scenario: Pick<Observed["scenario"], "probes">;
};

/** The probes that were due of each host and CPE to each target, and the times in which none was sent. */
export function probingOf(record: Recorded): Probing[] {
  const { nodes, durationS, scenario } = record;
  const { everyMs, targets, from } = scenario.probes;
  const everyS = everyMs / 1000;
  const all: Span = [0, durationS];
  const times = timesOf(record.probes);
  return (from ?? nodes).flatMap((node) =>
    [...new Set(targets)].map((target): Probing => {
      const gaps = gapsOf(times.get(`${node} ${target}`) ?? [], all, everyS);
      const due = dueIn(all, everyS);
      const missing = gaps.reduce((sum, gap) => sum + dueIn(gap, everyS), 0);
      return { node, target, everyMs, due, sent: due - Math.min(due, missing), gaps };
    }),
  );
}

function timesOf(probes: readonly ProbeSample[]): Map<string, number[]> {
  const groups = groupBy(probes, ({ node, target }) => `${node} ${target}`);
  return new Map(
    [...groups].map(([key, group]) => [
      key,
      group.map(({ sentNs }) => sentNs / NS).sort((left, right) => left - right),
    ]),
  );
}

/** When a node's agent was not heard, in seconds, without times after the end of the run. */
export function unheardSpans(
  { unheard, durationS }: Pick<Observed, "unheard" | "durationS">,
  node: string,
): Span[] {
  return unheard
    .filter((one) => one.node === node)
    .map(({ fromS, toS }): Span => [fromS, Math.min(toS ?? durationS, durationS)])
    .filter((span) => lengthOf([span]) > 0);
}

/** When a sender's clock was set back: probes of one source whose numbers go on while their times do not. In seconds. */
export function clockSteps(
  probes: readonly ProbeSample[],
): { readonly node: string; readonly atS: number }[] {
  const last = new Map<string, ProbeSample>();
  const steps: { node: string; atS: number }[] = [];
  for (const probe of [...probes].toSorted((one, other) => one.seq - other.seq)) {
    const key = `${probe.node} ${probe.source} ${probe.target}`;
    const before = last.get(key);
    if (before !== undefined && before.sentNs - probe.sentNs > STEP_BACK_NS)
      steps.push({ node: probe.node, atS: probe.sentNs / NS });
    last.set(key, probe);
  }
  return steps;
}
