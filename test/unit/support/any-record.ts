/** Records with anything in them that a record can have. Times are whole nanoseconds, as the runner rounds them. */
import * as fc from "fast-check";
import type { RunRecord } from "../../../src/core/judge/scenario/record.ts";
import { runRecord } from "./run-record.ts";

const BASE = runRecord({ everyMs: 10_000 });

/** A text that a table can tell from none. */
const text = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.constantFrom('a "b", c', "line\nline", "<script>", "2001:db8::1"),
);
const ns = fc.integer({ min: 0, max: 9_000_000_000_000 });
const seconds = ns.map((value) => value / 1e9);
const orNull = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { nil: null });

const probe = fc.record({
  node: text,
  source: text,
  target: text,
  seq: fc.nat(),
  sentNs: ns,
  waitedNs: orNull(ns),
  receivedNs: orNull(ns),
  outcome: fc.constantFrom("answered" as const, "no-answer" as const, "not-sent" as const),
  reason: orNull(text),
  arrivedBy: orNull(text),
  arrivedNs: orNull(ns),
});

const flow = fc.record({
  flow: text,
  atNs: ns,
  event: fc.constantFrom("connected" as const, "answered" as const, "broken" as const, "closed" as const),
  rttNs: orNull(ns),
  detail: orNull(text),
});

const load = fc.record({
  load: text,
  atNs: ns,
  lastsNs: ns,
  metric: fc.constantFrom("throughput" as const, "rtt" as const, "loss" as const),
  value: fc.oneof(
    fc.constantFrom(0, 1e-9, 1e21, 0.1),
    fc.double({ min: 0, max: 1e12, noNaN: true, noDefaultInfinity: true }),
  ),
  about: orNull(text),
});

const fact = fc.record({
  atS: seconds,
  node: text,
  kind: fc.constantFrom("address" as const, "router" as const, "ready" as const),
  subject: text,
  provider: orNull(text),
  state: orNull(text),
});

const verdict = fc.record({
  id: text,
  text,
  because: orNull(text),
  result: fc.constantFrom("passed" as const, "failed" as const, "unsupported" as const),
  measured: text,
  value: orNull(seconds),
  unit: orNull(text),
  evidence: fc.array(fc.record({ atS: seconds, text }), { maxLength: 2 }),
});

const band = fc.record({
  id: text,
  kind: fc.constantFrom("fault" as const, "renumbering" as const, "restart" as const, "mark" as const),
  label: text,
  node: text,
  fromS: seconds,
  toS: orNull(seconds),
});

export const ANY_RECORD: fc.Arbitrary<RunRecord> = fc
  .record({
    scenarioText: text,
    labText: text,
    lab: text,
    variables: fc
      .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), text, { maxKeys: 2 })
      .map((one) => ({ ...one })),
    durationS: seconds,
    partial: fc.boolean(),
    providers: fc.array(text, { maxLength: 3 }),
    nodes: fc.array(text, { maxLength: 3 }),
    bands: fc.array(band, { maxLength: 3 }),
    probes: fc.array(probe, { maxLength: 6 }),
    flows: fc.array(flow, { maxLength: 4 }),
    loads: fc.array(load, { maxLength: 4 }),
    facts: fc.array(fact, { maxLength: 4 }),
    verdicts: fc.array(verdict, { maxLength: 3 }),
    wires: fc.array(fc.record({ expectation: text, atS: fc.array(seconds, { maxLength: 3 }) }), {
      maxLength: 2,
    }),
  })
  .map((some) => ({ ...BASE, ...some }));
