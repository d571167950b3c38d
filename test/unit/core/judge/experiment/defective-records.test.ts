/** No expectation passes on a record that cannot prove it. Each kind is tried with each defect; what a defect is nothing to is named. */
import { describe, expect, test } from "vitest";
import { judge, withProbing } from "../../../../../src/core/judge/scenario/expectations/judge.ts";
import type { Bounds } from "../../../../../src/core/judge/experiment/record.ts";
import type { Expectation } from "../../../../../src/core/judge/scenario/expectations/registry.ts";
import type { Condition } from "../../../../../src/core/judge/scenario/conditions/registry.ts";
import { DEFECTS, NAME, SOUND, type Defect } from "./defects.ts";
import { A, claimed, TARGET, type Own } from "./record.ts";

interface Tried {
  readonly expected: Own;
  readonly id?: string;
  /** What it does not rest on. */
  readonly immune: readonly Defect[];
}

const atMost = (value: number): Bounds => ({ atLeast: null, atMost: value });
const atLeast = (value: number): Bounds => ({ atLeast: value, atMost: null });
const FROM = { from: "home-host1", target: TARGET } as const;
const ALL = [10, 40] as const;
const LOAD = { load: "traffic", while: ALL } as const;

const CAPTURE: Defect = "nothing was captured";
const ADDRESS: Defect = "the address was never there";
const TARGET_LOST: Defect = "the target was never reached";
/** What is known of the state of a host has nothing to do with captures, nor with the answers to probes. */
const STATE = [CAPTURE, TARGET_LOST] as const;
/** A command's own result is all that counts. */
const COMMAND: readonly Defect[] = [
  CAPTURE,
  ADDRESS,
  "the sender was dead",
  "there is a gap in what was recorded",
];

const at = "home-host1";
const after = (condition: Condition, withinS = 3): Own => claimed(condition, { afterStep: "cut", withinS });
const during = (condition: Condition): Own => claimed(condition, { while: ALL });

/** A new kind of condition does not compile without its records. */
const CONDITIONS = {
  reaches: [
    {
      expected: during({ is: "reaches", ...FROM, source: "beta", answered: true }),
      immune: [CAPTURE, ADDRESS],
    },
    {
      expected: after({ is: "reaches", ...FROM, source: "beta", answered: true }),
      immune: [CAPTURE, ADDRESS],
    },
    { expected: after({ is: "reaches", ...FROM, source: A, answered: false }), immune: [CAPTURE] },
    {
      expected: claimed({ is: "reaches", ...FROM, source: A, answered: false }, { while: [20.5, 29] }),
      immune: [CAPTURE],
    },
  ],
  resolves: [
    {
      expected: during({ is: "resolves", name: NAME, from: at, gives: "2001:db8::bad", answered: false }),
      immune: [CAPTURE, ADDRESS],
    },
    {
      expected: during({ is: "resolves", name: NAME, from: at, gives: null, answered: true }),
      immune: [CAPTURE, ADDRESS],
    },
    {
      expected: after({ is: "resolves", name: NAME, from: at, gives: null, answered: true }),
      immune: [CAPTURE, ADDRESS],
    },
  ],
  address: [
    {
      expected: during({ is: "address", provider: "beta", at, state: "preferred" }),
      immune: [...STATE, ADDRESS],
    },
    { expected: after({ is: "address", provider: "alpha", at, state: "deprecated" }), immune: STATE },
  ],
  router: [
    { expected: after({ is: "router", router: "alpha", at, state: "absent" }), immune: STATE },
    {
      expected: claimed({ is: "router", router: "alpha", at, state: "absent" }, { while: [22, 40] }),
      // Nothing of alpha is there all that time: so it is.
      immune: [...STATE, ADDRESS],
    },
  ],
  delegated: [
    { expected: during({ is: "delegated", provider: "alpha", at }), immune: STATE },
    { expected: after({ is: "delegated", provider: "alpha", at }), immune: STATE },
  ],
  prefix: [
    {
      expected: after({ is: "prefix", prefix: "2001:db8:a:9000::/56", at, state: "deprecated" }),
      immune: STATE,
    },
  ],
} as const satisfies Readonly<Record<Condition["is"], readonly Tried[]>>;

/** A new kind of expected neither. */
const CLAIMS = {
  condition: Object.values(CONDITIONS).flat(),
  leaks: [
    {
      expected: { kind: "leaks", count: { atLeast: 0, atMost: 0 } },
      immune: [CAPTURE, ADDRESS, TARGET_LOST],
    },
  ],
  outage: [
    {
      expected: { kind: "outage", ...FROM, source: "beta", while: ALL, seconds: atMost(1) },
      immune: [CAPTURE, ADDRESS],
    },
    {
      expected: { kind: "outage", ...FROM, source: "alpha", while: ALL, seconds: atLeast(5) },
      immune: [CAPTURE],
    },
    {
      expected: { kind: "outage", ...FROM, source: null, while: null, seconds: atMost(11) },
      immune: [CAPTURE, ADDRESS],
    },
  ],
  failover: [
    { expected: { kind: "failover", ...FROM, step: "cut", seconds: atMost(2) }, immune: [CAPTURE, ADDRESS] },
    { expected: { kind: "failover", ...FROM, step: "cut", seconds: atLeast(0.5) }, immune: [CAPTURE] },
  ],
  loss: [
    {
      expected: { kind: "loss", ...FROM, source: "beta", while: ALL, percent: atMost(0) },
      immune: [CAPTURE, ADDRESS],
    },
    {
      expected: { kind: "loss", ...FROM, source: "alpha", while: [20, 30], percent: atLeast(99) },
      immune: [CAPTURE],
    },
  ],
  wire: [
    {
      id: "none",
      expected: { kind: "wire", node: "alpha", interface: null, filter: "x", while: ALL, count: atMost(0) },
      immune: [ADDRESS, TARGET_LOST],
    },
    {
      id: "some",
      expected: { kind: "wire", node: "alpha", interface: null, filter: "x", while: ALL, count: atMost(3) },
      immune: [ADDRESS, TARGET_LOST],
    },
  ],
  flow: [
    {
      expected: { kind: "flow", flow: "call", survives: true, stallS: atMost(1) },
      immune: [CAPTURE, ADDRESS],
    },
    {
      expected: { kind: "flow", flow: "cut-call", survives: false, stallS: null },
      immune: [CAPTURE, ADDRESS],
    },
  ],
  throughput: [
    { expected: { kind: "throughput", ...LOAD, bitsPerS: atLeast(1e6) }, immune: [CAPTURE, ADDRESS] },
    {
      expected: { kind: "throughput", load: "traffic", while: null, bitsPerS: atLeast(1e6) },
      // The tool's own result is of all of the load.
      immune: [CAPTURE, ADDRESS, "there is a gap in what was recorded"],
    },
  ],
  "rtt-under-load": [
    { expected: { kind: "rtt-under-load", ...LOAD, seconds: atMost(0.05) }, immune: [CAPTURE, ADDRESS] },
    {
      expected: { kind: "rtt-under-load", load: "traffic", while: null, seconds: atMost(0.05) },
      immune: [CAPTURE, ADDRESS],
    },
  ],
  sessions: [
    { expected: { kind: "sessions", ...LOAD, count: atLeast(10) }, immune: [CAPTURE, ADDRESS] },
    { expected: { kind: "sessions", ...LOAD, count: atMost(40) }, immune: [CAPTURE, ADDRESS] },
  ],
  stall: [
    { expected: { kind: "stall", ...LOAD, seconds: atMost(2) }, immune: [CAPTURE, ADDRESS] },
    {
      expected: { kind: "stall", load: "traffic", while: null, seconds: atMost(2) },
      immune: [CAPTURE, ADDRESS],
    },
  ],
  "connect-time": [
    { expected: { kind: "connect-time", ...LOAD, seconds: atMost(0.1) }, immune: [CAPTURE, ADDRESS] },
  ],
  "chosen-source": [
    { expected: { kind: "chosen-source", ...LOAD, provider: "beta" }, immune: [CAPTURE, ADDRESS] },
  ],
  exit: [{ expected: { kind: "exit", step: "load", code: 0 }, immune: [...COMMAND, TARGET_LOST] }],
} as const satisfies Readonly<Record<Expectation["kind"], readonly Tried[]>>;

const tried: readonly (Tried & { readonly name: string })[] = Object.values(CLAIMS)
  .flat()
  .map((one: Tried) => ({ ...one, name: judgeOne(one, SOUND).text }));

function judgeOne({ expected, id = "it" }: Tried, run: Parameters<typeof withProbing>[0]) {
  const expectation = { ...expected, id, because: null, expectedFailure: null } as Expectation;
  const [verdict] = judge([expectation], withProbing(run));
  if (verdict === undefined) throw new Error("there is no verdict");
  return verdict;
}

describe.each(tried)("$name", ({ immune, ...one }) => {
  test("passes on a sound record", () => {
    expect(judgeOne({ ...one, immune }, SOUND)).toMatchObject({ result: "passed" });
  });

  test.each(Object.keys(DEFECTS) as Defect[])("does not pass when %s", (defect) => {
    const run = DEFECTS[defect](SOUND);
    const { result, measured } = judgeOne({ ...one, immune }, run);
    const isPort = defect === "a port was not counted" && one.expected.kind !== "leaks";
    expect(result === "passed", `${result}: ${measured}`).toBe(isPort || immune.includes(defect));
  });
});
