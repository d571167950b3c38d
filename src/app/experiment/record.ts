import { withAbandoned, bandsOf } from "../../core/judge/scenario/bands.ts";
import type {
  Sending,
  MachineFacts,
  FlowSample,
  LoadSample,
  ProbeSample,
  StepResult,
  WireCount,
} from "../../core/judge/experiment/record.ts";
import { judge, withProbing } from "../../core/judge/scenario/expectations/judge.ts";
import type { RunRecord, Scenario } from "../../core/judge/scenario/record.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import { formatUtc } from "../../core/model/utc.ts";
import type { AbsoluteFlowSample, AbsoluteSample } from "./probes.ts";
import type { Watcher } from "./watcher.ts";

/** What a run is of: all that is known of it before it begins. */
export interface RunPlan {
  readonly scenario: Scenario;
  readonly scenarioText: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The SPDX identifier of the licence of the data; null: none is stated. */
  readonly licence: string | null;
  readonly lab: Lab;
  readonly labText: string;
  /** Absolute path of the lab file. */
  readonly labFile: string;
  /** Where the files are that the scenario copies into nodes: the folder that the user named, and what stands before a name in it. */
  readonly inputs: { readonly folder: string; readonly below: string };
}

/** What was gathered while it ran. */
export interface Gathered {
  /** Nanoseconds since 1970 of t=0, by the engine's clock. */
  readonly startNs: bigint;
  readonly durationS: number;
  readonly partial: boolean;
  readonly machine: MachineFacts;
  readonly steps: readonly StepResult[];
  readonly watcher: Pick<Watcher, "facts" | "faults" | "leaks" | "inherited" | "unheard">;
  readonly probes: readonly AbsoluteSample[];
  readonly flows: readonly AbsoluteFlowSample[];
  readonly sending: readonly Sending[];
  readonly wires: readonly WireCount[];
  readonly loads: readonly LoadSample[];
}

/** The record of a run, judged. What was seen before t=0 or after its end is no part of it. */
export function recordOf(plan: RunPlan, gathered: Gathered): RunRecord {
  const { startNs, durationS, partial, machine, watcher } = gathered;
  const { lab } = plan;
  const endNs = startNs + BigInt(Math.round(durationS * 1e9));
  const during = <T extends { readonly atS: number }>(all: readonly T[]): T[] =>
    all.filter(({ atS }) => atS <= durationS);
  const steps = withAbandoned(gathered.steps, during(watcher.faults));
  const facts = during(watcher.facts).sort((one, other) => one.atS - other.atS);
  const probes = gathered.probes
    .filter(({ sentNs }) => sentNs >= startNs && sentNs <= endNs)
    .map((one) => sinceStart(one, startNs));
  const record: Omit<RunRecord, "verdicts" | "outages" | "probing"> = {
    format: 1,
    scenario: plan.scenario,
    scenarioText: plan.scenarioText,
    labText: plan.labText,
    lab: lab.name,
    licence: plan.licence,
    variables: plan.variables,
    startedAt: formatUtc(Number(startNs / 1000n) / 1e6, 6),
    startedNs: startNs.toString(),
    durationS,
    partial,
    machine,
    inherited: watcher.inherited,
    providers: lab.providers.map(({ name }) => name),
    nodes: nodesIn(lab),
    steps,
    bands: bandsOf(watcher.faults, { plan: plan.scenario.steps, steps, facts, endS: durationS }),
    facts,
    unheard: watcher.unheard.filter(({ fromS }) => fromS <= durationS),
    probes,
    flows: gathered.flows
      .filter(({ atNs }) => atNs >= startNs && atNs <= endNs)
      .map(({ atNs, ...flow }): FlowSample => ({ ...flow, atNs: Number(atNs - startNs) })),
    loads: gathered.loads.filter(({ atNs }) => atNs <= durationS * 1e9),
    wires: gathered.wires.map(({ atS, missing, ...wire }) => ({
      ...wire,
      ...(missing === undefined
        ? {}
        : { missing: missing.map(([fromS, toS]) => [fromS, Math.min(toS, durationS)] as const) }),
      atS: atS.filter((one) => one <= durationS),
    })),
    leaks: watcher.leaks(durationS),
    sending: gathered.sending,
  };
  const judged = withProbing(record);
  return { ...judged, verdicts: judge(plan.scenario.expect, judged) };
}

/** CPEs and hosts, in the order of the lab. */
export function nodesIn({ cpes, hosts }: Lab): string[] {
  return [...cpes.flatMap((cpe) => [cpe.name, ...cpe.hosts]), ...hosts.map(({ name }) => name)];
}

/** A probe by its times since t=0. */
export function sinceStart(
  { sentNs, receivedNs, arrivedNs, ...rest }: AbsoluteSample,
  startNs: bigint,
): ProbeSample {
  const since = (ns: bigint | null): number | null => (ns === null ? null : Number(ns - startNs));
  return {
    ...rest,
    sentNs: Number(sentNs - startNs),
    receivedNs: since(receivedNs),
    arrivedNs: since(arrivedNs),
  };
}
