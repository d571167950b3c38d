import { groupBy } from "../../model/grouped.ts";
import type { Fact, Outage, ProbeSample } from "../experiment/record.ts";
import type { RunRecord } from "../scenario/record.ts";

/** An outage, and by what it ended: an answer, the removal of the address, no further probe for an unknown reason, or the run's end. */
export interface PathOutage extends Outage {
  readonly untilS: number;
  readonly endedBy: "answer" | "address" | "silence" | "run";
  /** Whether no probe of this source was answered before it: when it began is not known. */
  readonly fromStart: boolean;
  /** Seconds of it in which no probe was sent. */
  readonly unmeasuredS: number;
}

/** Who probed: a source address of a node, towards one target. */
export interface ProbedPath {
  readonly node: string;
  readonly source: string;
  readonly target: string;
  /** Whose address the source is, where a fact says it. */
  readonly provider: string | null;
  /** In the order in which they were sent. */
  readonly probes: readonly ProbeSample[];
  readonly outages: readonly PathOutage[];
  /** When the last probe was due to be answered: with the run, or before, when the address went. */
  readonly endS: number;
  /** What was told of the source address at this node. */
  readonly states: readonly Fact[];
}

/** By record, because each part of a report asks for them; a record never changes. */
const known = new WeakMap<RunRecord, readonly ProbedPath[]>();

/** The paths of a record: nodes in the order of the lab, then sources by their providers' order, then as they appear. */
export function pathsOf(record: RunRecord): readonly ProbedPath[] {
  const found = known.get(record) ?? findPaths(record);
  known.set(record, found);
  return found;
}

function findPaths(record: RunRecord): ProbedPath[] {
  return [...groupBy(record.probes, ({ node, source, target }) => `${node}\0${source}\0${target}`).values()]
    .map((probes) => pathOf(record, probes))
    .sort(
      (one, other) =>
        place(record.nodes, one.node) - place(record.nodes, other.node) ||
        place(record.providers, one.provider) - place(record.providers, other.provider),
    );
}

function pathOf(record: RunRecord, probes: readonly ProbeSample[]): ProbedPath {
  const [{ node, source, target } = { node: "", source: "", target: "" }] = probes;
  const states = record.facts
    .filter((fact) => fact.kind === "address" && fact.node === node && fact.subject === source)
    .sort((one, other) => one.atS - other.atS);
  const sorted = [...probes].sort((one, other) => one.sentNs - other.sentNs);
  const everyS = record.scenario.probes.everyMs / 1000;
  const lastS = (sorted.at(-1)?.sentNs ?? 0) / 1e9 + everyS;
  // A few more than one: a run may end between two probes, and a busy machine sends late.
  const endsEarly = lastS + 3 * everyS < record.durationS;
  const endS = endsEarly ? lastS : record.durationS;
  return {
    node,
    source,
    target,
    endS,
    provider: states.find(({ provider }) => provider !== null)?.provider ?? null,
    probes: sorted,
    outages: record.outages
      .filter((outage) => outage.node === node && outage.source === source && outage.target === target)
      .map((outage) => ({
        ...ended(outage, sorted.at(-1), endS, endsEarly, states),
        ...measured(outage, sorted, everyS),
      })),
    states,
  };
}

/** Of a source that went in an outage, that is open or ends with a last probe which nobody answered. */
function ended(
  outage: Outage,
  last: ProbeSample | undefined,
  endS: number,
  endsEarly: boolean,
  states: readonly Fact[],
): Omit<PathOutage, "fromStart" | "unmeasuredS"> {
  const { toS } = outage;
  const lastS = (last?.sentNs ?? 0) / 1e9;
  const open = toS === null || (last?.outcome !== "answered" && toS >= lastS);
  const went = states.some(({ atS, state }) => state === null && atS >= outage.fromS);
  if (open && endsEarly) return { ...outage, untilS: toS ?? endS, endedBy: went ? "address" : "silence" };
  return { ...outage, untilS: toS ?? endS, endedBy: toS === null ? "run" : "answer" };
}

/** How far an outage was measured; a busy machine sends late, so a gap counts after a few intervals. */
function measured(
  { fromS, toS }: Outage,
  probes: readonly ProbeSample[],
  everyS: number,
): Pick<PathOutage, "fromStart" | "unmeasuredS"> {
  const times = probes
    .map(({ sentNs }) => sentNs / 1e9)
    .filter((atS) => atS >= fromS && atS <= (toS ?? Infinity));
  const unmeasuredS = times
    .map((atS, index) => atS - (times[index - 1] ?? atS) - everyS)
    .filter((spanS) => spanS > 2 * everyS)
    .reduce((sum, spanS) => sum + spanS, 0);
  return { fromStart: probes.findIndex(({ sentNs }) => sentNs / 1e9 >= fromS) === 0, unmeasuredS };
}

/** Who is not in the list comes last. */
function place(names: readonly string[], name: string | null): number {
  const found = name === null ? -1 : names.indexOf(name);
  return found === -1 ? names.length : found;
}

/** Round trip in nanoseconds; undefined unless it was answered. */
export function rttNsOf({ sentNs, receivedNs }: ProbeSample): number | undefined {
  return receivedNs === null ? undefined : receivedNs - sentNs;
}

/** The round trips of those that were answered, in nanoseconds, the least first. */
export function rttsOf(probes: readonly ProbeSample[]): readonly number[] {
  const found: number[] = [];
  for (const probe of probes) {
    const rtt = rttNsOf(probe);
    if (rtt !== undefined) found.push(rtt);
  }
  return [...Float64Array.from(found).sort()];
}

/** A scenario with the values of its matrix: `renumber (provider=alpha, how=flash)`. */
export function titleOf({ scenario, variables }: Pick<RunRecord, "scenario" | "variables">): string {
  const values = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return values.length === 0 ? scenario.name : `${scenario.name} (${values.join(", ")})`;
}
