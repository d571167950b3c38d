import type { Fact, Outage, ProbeSample, RunRecord } from "../experiment/model.ts";

/** Who probed: a source address of a member, towards one target. */
export interface ProbedPath {
  readonly member: string;
  readonly source: string;
  readonly target: string;
  /** Whose address the source is, where a fact says it. */
  readonly provider: string | null;
  /** In the order in which they were sent. */
  readonly probes: readonly ProbeSample[];
  readonly outages: readonly Outage[];
  /** What was told of the source address at this member. */
  readonly states: readonly Fact[];
}

/** The paths of a record: members in the order of the lab, then sources by their providers' order, then as they appear. */
export function pathsOf(record: RunRecord): ProbedPath[] {
  const groups = new Map<string, ProbeSample[]>();
  for (const probe of record.probes) {
    const key = JSON.stringify([probe.member, probe.source, probe.target]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [probe]);
    else group.push(probe);
  }
  return [...groups.values()]
    .map((probes) => pathOf(record, probes))
    .sort(
      (one, other) =>
        place(record.members, one.member) - place(record.members, other.member) ||
        place(record.providers, one.provider) - place(record.providers, other.provider),
    );
}

function pathOf(record: RunRecord, probes: readonly ProbeSample[]): ProbedPath {
  const [{ member, source, target } = { member: "", source: "", target: "" }] = probes;
  const states = record.facts
    .filter((fact) => fact.kind === "address" && fact.member === member && fact.subject === source)
    .sort((one, other) => one.atS - other.atS);
  return {
    member,
    source,
    target,
    provider: states.find(({ provider }) => provider !== null)?.provider ?? null,
    probes: [...probes].sort((one, other) => one.sentNs - other.sentNs),
    outages: record.outages.filter(
      (outage) => outage.member === member && outage.source === source && outage.target === target,
    ),
    states,
  };
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

/** A scenario with the values of its matrix: `renumber (provider=alpha, how=flash)`. */
export function titleOf({ scenario, variables }: Pick<RunRecord, "scenario" | "variables">): string {
  const values = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return values.length === 0 ? scenario.name : `${scenario.name} (${values.join(", ")})`;
}
