/** A run in which all is well, and what can be wrong with the record of it. */
import type { FlowSample, StepResult } from "../../../../../src/core/judge/experiment/record.ts";
import type { RunRecord } from "../../../../../src/core/judge/scenario/record.ts";
import {
  A,
  B,
  done,
  fact,
  flowSamples,
  loadSamples,
  loadStep,
  probes,
  record,
  runStep,
  TARGET,
} from "./record.ts";

type Recorded = ReturnType<typeof record>;

export const NAME = "www.example";
/** The fault is in force in this time: probes from A are lost, and A is deprecated a second later. */
const [CUT_S, OVER_S] = [20, 30];

const cut: StepResult = { ...done("cut", CUT_S), endedS: CUT_S + 0.2, faultId: "alpha-1" };
const traffic: StepResult = { ...done("traffic", 8.5), action: "load", endedS: 40.5, node: "home-host1" };
const flow = (id: string, kind: "tcp" | "dns", target: string) =>
  ({ id, kind, from: "home-host1", target, source: null, everyMs: 100 }) as const;

const messages = (id: string, toS: number) => flowSamples([0, toS]).map((one) => ({ ...one, flow: id }));
const event = (id: string, what: FlowSample["event"], atS: number) =>
  flowSamples([atS, atS], { flow: id, event: what });

/** What is expected of it passes. */
export const SOUND: Recorded = record({
  scenario: {
    probes: { everyMs: 100, targets: [TARGET], from: ["home-host1"] },
    flows: [flow("call", "tcp", TARGET), flow("lookup", "dns", NAME), flow("cut-call", "tcp", TARGET)],
    steps: [runStep("load", "iperf.json"), loadStep("traffic", 31)],
  },
  steps: [cut, done("load", 19, { action: "run", exitCode: 0, endedS: 50 }), traffic],
  bands: [
    { id: "alpha-1", kind: "fault", label: "cut", node: "alpha", fromS: CUT_S, toS: OVER_S, hits: 100 },
  ],
  facts: [
    fact(0, A, "preferred"),
    fact(0, B, "preferred"),
    fact(0, "2001:db8:a:8000::/56", "delegated", { kind: "delegation" }),
    fact(0, "2001:db8:a:9000::/56", "current", { kind: "prefix" }),
    fact(0, "fe80::1", "present", { kind: "router", provider: "alpha" }),
    fact(CUT_S + 1, A, "deprecated"),
    fact(CUT_S + 1, "fe80::1", null, { kind: "router", provider: "alpha" }),
    fact(CUT_S + 1, "2001:db8:a:9000::/56", "deprecated", { kind: "prefix" }),
  ],
  probes: [
    ...probes(A, [0, 60], { lost: [[CUT_S, OVER_S]], arrivedBy: "alpha" }),
    ...probes(B, [0, 60], { arrivedBy: "beta" }),
  ],
  flows: [
    ...messages("call", 60),
    ...messages("lookup", 60).map((one) => ({
      ...one,
      event: "answered" as const,
      detail: `${TARGET} from 2001:db8::53`,
    })),
    ...messages("cut-call", CUT_S),
    ...event("cut-call", "broken", CUT_S),
  ],
  wires: [
    { expectation: "none", atS: [] },
    { expectation: "some", atS: [21, 22, 23] },
  ],
  leaks: {
    alpha: { up: 0, down: 0, addresses: [], gaps: [] },
    beta: { up: 0, down: 0, addresses: [], gaps: [] },
  },
  loads: [
    ...loadSamples([9, 40], { metric: "throughput", value: 5e6 }),
    ...loadSamples([9, 40], { metric: "rtt", value: 0.02, lastsNs: 2e7 }),
    ...loadSamples([9, 40], { metric: "session", value: 0.03, lastsNs: 3e7, about: B }),
    ...loadSamples([9, 40], { metric: "connect", value: 0.01, lastsNs: 1e7, about: B }),
    { load: "traffic", atNs: 9e9, lastsNs: 31e9, metric: "throughput-mean", value: 5e6, about: null },
  ],
});

const outside =
  (fromS: number, toS: number) =>
  (atNs: number): boolean =>
    atNs < fromS * 1e9 || atNs >= toS * 1e9;

/** In this time nothing was recorded of home-host1. */
function silent(run: Recorded, [fromS, toS]: readonly [number, number]): Recorded {
  const isOutside = outside(fromS, toS);
  return {
    ...run,
    probes: run.probes.filter(({ sentNs }) => isOutside(sentNs)),
    flows: run.flows.filter(({ atNs }) => isOutside(atNs)),
    loads: run.loads.filter(({ atNs }) => isOutside(atNs)),
    facts: run.facts.filter(({ atS }) => isOutside(atS * 1e9)),
    unheard: [{ node: "home-host1", fromS, toS }],
    wires: run.wires.map((wire) => ({
      ...wire,
      atS: wire.atS.filter((atS) => isOutside(atS * 1e9)),
      missing: [[fromS, toS]],
    })),
  };
}

/** Each makes a record that proves nothing any more. */
export const DEFECTS = {
  "a port was not counted": (run) => ({
    ...run,
    leaks: { ...run.leaks, beta: { up: 0, down: 0, addresses: [], gaps: [[12, 14]] } },
  }),
  /** Dead from shortly before the fault until after it. */
  "the sender was dead": (run) => {
    const dead = silent(run, [19.5, 35]);
    const gone = ["call", "lookup", "cut-call"].flatMap((id) => event(id, "sender-gone", 19.5));
    const isBefore = outside(19.5, Infinity);
    return {
      ...dead,
      steps: run.steps.map((one) => (one === traffic ? { ...one, outcome: "failed", endedS: 19.6 } : one)),
      loads: dead.loads.filter(({ atNs, metric }) => isBefore(atNs) && metric !== "throughput-mean"),
      flows: [...dead.flows.filter(({ atNs }) => atNs < 19.5e9), ...gone],
    };
  },
  "there is a gap in what was recorded": (run) => silent(run, [22, 28]),
  "the address was never there": (run) => ({
    ...run,
    facts: run.facts.filter(({ provider }) => provider !== "alpha"),
    probes: run.probes.filter(({ source }) => source !== A),
  }),
  "nothing was captured": (run) => ({ ...run, wires: [] }),
  "the clock was set back": (run) => ({
    ...run,
    probes: run.probes.map((probe) =>
      probe.sentNs < 25e9
        ? probe
        : {
            ...probe,
            sentNs: probe.sentNs - 5e9,
            receivedNs: probe.receivedNs === null ? null : probe.receivedNs - 5e9,
          },
    ),
  }),
  "the fault affected nothing": (run) => ({ ...run, bands: run.bands.map((band) => ({ ...band, hits: 0 })) }),
  "the run ended before the window": (run) => {
    const isBefore = outside(9, Infinity);
    return {
      ...run,
      durationS: 9,
      partial: true,
      steps: run.steps.map((step) => ({
        ...step,
        outcome: "not-reached" as const,
        exitCode: null,
        endedS: null,
      })),
      bands: [],
      facts: run.facts.filter(({ atS }) => isBefore(atS * 1e9)),
      probes: run.probes.filter(({ sentNs }) => isBefore(sentNs)),
      flows: run.flows.filter(({ atNs }) => isBefore(atNs)),
      wires: run.wires.map((wire) => ({ ...wire, atS: wire.atS.filter((atS) => atS < 9) })),
      loads: [],
    };
  },
  "the target was never reached": (run) => ({
    ...run,
    probes: run.probes.map((probe) => ({
      ...probe,
      outcome: "no-answer" as const,
      receivedNs: null,
      arrivedBy: null,
      arrivedNs: null,
    })),
    flows: run.flows.flatMap((one) =>
      one.atNs > 0
        ? []
        : [{ ...one, event: one.flow === "lookup" ? ("lost" as const) : ("refused" as const), detail: null }],
    ),
    loads: [],
  }),
} as const satisfies Readonly<
  Record<string, (run: Recorded) => Omit<RunRecord, "verdicts" | "outages" | "probing">>
>;

export type Defect = keyof typeof DEFECTS;
