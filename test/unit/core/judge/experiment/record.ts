/** Records of runs, made by hand: what a test leaves out is a run in which nothing happened. */
import type { Expectation } from "../../../../../src/core/judge/scenario/expectations/registry.ts";
import type { Condition } from "../../../../../src/core/judge/scenario/conditions/registry.ts";
import type {
  Fact,
  FlowSample,
  LoadSample,
  ProbeSample,
  StepResult,
  Verdict,
} from "../../../../../src/core/judge/experiment/record.ts";
import type { RunRecord, Scenario } from "../../../../../src/core/judge/scenario/record.ts";
import type { Step } from "../../../../../src/core/judge/scenario/steps/registry.ts";
import { judge, withProbing } from "../../../../../src/core/judge/scenario/expectations/judge.ts";

export const TARGET = "2001:db8::1";
/** Addresses of home-host1. */
export const A = "2001:db8:a:8000::10";
export const B = "2001:db8:b:8000::10";

const SCENARIO: Scenario = {
  name: "test",
  title: null,
  source: null,
  lab: "lab.yaml",
  seed: 1,
  probes: { everyMs: 100, targets: [TARGET], from: ["home-host1"] },
  flows: [],
  captures: [],
  steps: [],
  expect: [],
  settleS: 0,
};

type Recorded = Omit<RunRecord, "verdicts" | "outages" | "probing">;

/** A run of 60 s. */
export function record(
  parts: Partial<Omit<Recorded, "scenario">> & { readonly scenario?: Partial<Scenario> } = {},
): Recorded {
  return {
    format: 1,
    scenarioText: "",
    labText: "",
    lab: "two-isps",
    licence: null,
    variables: {},
    startedAt: "2026-01-01T00:00:00.000000Z",
    startedNs: "0",
    durationS: 60,
    inherited: [],
    partial: false,
    machine: {
      mhlab: "0",
      commit: null,
      hardware: { cpu: null, cores: null, memoryBytes: null },
      load: { everyS: 0, samples: 0, mostLoad1: null, mostBusy: null },
      packages: {},
      kernel: "0",
      engine: "0",
      images: {},
      sysctls: {},
      queues: {},
      clock: { offsetMs: 0, uncertaintyMs: 0 },
    },
    providers: ["alpha", "beta"],
    nodes: ["home", "home-host1"],
    steps: [],
    bands: [],
    facts: [],
    unheard: [],
    probes: [],
    flows: [],
    loads: [],
    wires: [],
    leaks: {},
    ...parts,
    scenario: { ...SCENARIO, ...parts.scenario },
  };
}

/** An expectation without what all have. */
export type Own = Expectation extends infer E
  ? E extends Expectation
    ? Omit<E, "id" | "because" | "expectedFailure">
    : never
  : never;

/** The verdict on one expectation. */
export function verdictOn(
  own: Own,
  parts: Parameters<typeof record>[0] = {},
  more: Partial<Expectation> = {},
): Verdict {
  const expectation = {
    ...own,
    id: "expect[0]",
    because: null,
    expectedFailure: null,
    ...more,
  } as Expectation;
  const [verdict] = judge(
    [expectation],
    withProbing(record({ ...parts, scenario: { ...parts.scenario, expect: [expectation] } })),
  );
  if (verdict === undefined) throw new Error("there is no verdict");
  return verdict;
}

/** A condition as an expectation. */
export function claimed(
  condition: Condition,
  times: { while?: readonly [number, number]; afterS?: number; afterStep?: string; withinS?: number },
): Own {
  return {
    kind: "condition",
    condition,
    while: times.while ?? null,
    afterS: times.afterS ?? null,
    afterStep: times.afterStep ?? null,
    withinS: times.withinS ?? 0,
  };
}

/** What is known of home-host1 from a moment on. */
export function fact(atS: number, subject: string, state: string | null, more: Partial<Fact> = {}): Fact {
  const provider = subject.includes(":a:") ? "alpha" : subject.includes(":b:") ? "beta" : null;
  return { atS, node: "home-host1", kind: "address", subject, provider, state, ...more };
}

/** Probes of one source each 100 ms; in the spans of `lost` they are not answered. */
export function probes(
  source: string,
  [fromS, toS]: readonly [number, number],
  { lost = [], ...more }: { lost?: readonly (readonly [number, number])[] } & Partial<ProbeSample> = {},
): ProbeSample[] {
  return Array.from({ length: Math.round((toS - fromS) * 10) }, (_, seq) => {
    const atS = fromS + seq / 10;
    const isLost = lost.some(([from, to]) => atS >= from - 1e-9 && atS < to - 1e-9);
    const sentNs = Math.round(atS * 1e9);
    const outcome = isLost ? (more.outcome ?? "no-answer") : "answered";
    return {
      node: "home-host1",
      source,
      target: TARGET,
      seq,
      sentNs,
      receivedNs: isLost ? null : sentNs + 1_000_000,
      reason: null,
      arrivedBy: null,
      arrivedNs: null,
      ...more,
      outcome,
    };
  });
}

/** A step that was done. */
export function done(id: string, startedS: number, more: Partial<StepResult> = {}): StepResult {
  return {
    id,
    text: id,
    action: "fault",
    plannedS: startedS,
    startedS,
    endedS: startedS + 0.1,
    outcome: "done",
    detail: null,
    exitCode: null,
    faultId: null,
    node: null,
    ...more,
  };
}

export const runStep = (id: string, save: string | null): Step => ({
  id,
  atS: null,
  do: "run",
  argv: ["true"],
  node: "home-host1",
  save,
  limitS: 60,
});

export const loadStep = (id: string, forS: number): Step => ({
  id,
  atS: null,
  do: "load",
  kind: "iperf3",
  node: "home-host1",
  source: null,
  target: TARGET,
  options: {},
  forS,
});

/** One value of a metric each second of a load, each lasting that long, but for the seconds in `without`. */
export function loadSamples(
  [fromS, toS]: readonly [number, number],
  one: Pick<LoadSample, "metric" | "value"> & Partial<LoadSample>,
  without: (atS: number) => boolean = () => false,
): LoadSample[] {
  return Array.from({ length: toS - fromS }, (_, index) => fromS + index)
    .filter((atS) => !without(atS))
    .map((atS) => ({ load: "traffic", lastsNs: 1e9, about: null, ...one, atNs: atS * 1e9 }));
}

/** Messages of the flow `f` each 100 ms, with an event at the end of it. */
export function flowSamples(
  [fromS, toS]: readonly [number, number],
  end?: Pick<FlowSample, "event"> & Partial<FlowSample>,
): FlowSample[] {
  const sample = (atS: number, event: FlowSample["event"]): FlowSample => ({
    flow: "f",
    atNs: Math.round(atS * 1e9),
    event,
    rttNs: null,
    detail: null,
  });
  const answers = Array.from({ length: Math.round((toS - fromS) * 10) }, (_, index) =>
    sample(fromS + index / 10, index === 0 ? "connected" : "answered"),
  );
  return [...answers, ...(end === undefined ? [] : [{ ...sample(toS, end.event), ...end }])];
}
