/** Round trips while streams fill a path: flent, which starts netperf and fping, such as for RRUL. */
import { oneOf, time } from "../scenario/entries/values.ts";
import {
  jsonOf,
  loadKind,
  memberOf,
  numberOf,
  wholeOutput,
  type LoadClock,
  type LoadReader,
  type LoadValue,
} from "./kind.ts";
import { NETSERVER } from "./netserver.ts";

const USUAL_TEST = "rrul";
const USUAL_INTERVAL_S = 0.2;
/** Before and after its streams flent only measures round trips, for five seconds each. */
const WITHOUT_STREAMS_S = 10;
const MS_PER_S = 1000;
const US_PER_S = 1e6;
const NS_PER_US = 1000n;
const BITS_PER_MBIT = 1e6;

/** flent writes a compressed file, and tells of its work meanwhile. */
const TO_OUTPUT = `folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' TERM INT
flent "$@" --data-dir "$folder" >&2 || exit
zcat "$folder"/*.flent.gz`;

export const flent = loadKind({
  summary: "fills a path with the streams of a test such as RRUL, and measures round trips at the same time",
  tool: "flent",
  options: {
    test: oneOf(
      ["rrul", "rrul_be", "tcp_download", "tcp_upload", "tcp_8down", "tcp_8up"],
      "Which of flent's tests: four streams each way, with four DSCPs (`rrul`) or one (`rrul_be`), or streams one way.",
    ).optional(),
    interval: time("How often it measures.", { min: 0.05, usual: "200ms" }).optional(),
  },
  longestS: 3600,
  ...NETSERVER,
  endsItself: true,
  extension: "flent",
  metrics: ["throughput", "throughput-mean", "rtt"],
  client: ({ target, source, port, forS, options: { test = USUAL_TEST, interval = USUAL_INTERVAL_S } }) => [
    "sh",
    "-c",
    TO_OUTPUT,
    "sh",
    test,
    "-6",
    "--host",
    target,
    "--netperf-control-port",
    String(port),
    "--length",
    String(Math.max(1, forS - WITHOUT_STREAMS_S)),
    "--step-size",
    String(interval),
    ...(source === null ? [] : ["--local-bind", source]),
  ],
  cost: ({ options: { test = USUAL_TEST }, forS }) =>
    `${test} without a rate limit for ${Math.max(1, forS - WITHOUT_STREAMS_S)} s, and ${WITHOUT_STREAMS_S} s without streams: up to two processors of this machine, less where a line has a rate`,
  reader: (_, clock) => flentReader(clock),
});

/** Reads flent's file: one object of JSON. */
function flentReader(clock: LoadClock): LoadReader {
  return wholeOutput((text) => {
    const file = jsonOf(text);
    const failed = numberOf(file, "metadata", "FAILED_RUNNERS") ?? 0;
    return {
      values: [...roundTrips(file, clock), ...streams(file, clock)],
      error: failed === 0 ? null : `${failed} of the tools that flent started failed`,
    };
  });
}

/** The series that a tool measured, not those that flent computes of others. */
function measuredIn(file: unknown, units: string): [name: string, raw: readonly unknown[]][] {
  const raw = memberOf(file, "raw_values");
  if (typeof raw !== "object" || raw === null) return [];
  return Object.entries(raw).flatMap(([name, values]: [string, unknown]) =>
    Array.isArray(values) &&
    values.length > 0 &&
    memberOf(file, "metadata", "SERIES_META", name, "UNITS") === units
      ? [[name, values as unknown[]]]
      : [],
  );
}

/** Of fping each round trip; of netperf's transactions the mean of an interval (`dur`), which ends at `t`. */
function roundTrips(file: unknown, { sinceStart }: LoadClock): LoadValue[] {
  return measuredIn(file, "ms").flatMap(([, raw]) =>
    raw.flatMap((one): LoadValue[] => {
      const [endS, ms] = [numberOf(one, "t"), numberOf(one, "val")];
      if (endS === undefined || ms === undefined) return [];
      const value = ms / MS_PER_S;
      const lastsS = numberOf(one, "dur") ?? value;
      return [{ atS: sinceStart(nanoseconds(endS)) - lastsS, lastsS, metric: "rtt", value, about: null }];
    }),
  );
}

/** All streams together, at the points in time that flent gives; and the sum of their means. */
function streams(file: unknown, { sinceStart }: LoadClock): LoadValue[] {
  const names = measuredIn(file, "Mbits/s").map(([name]) => name);
  const times = memberOf(file, "x_values");
  const begunS = firstOf(file);
  const stepS = numberOf(file, "metadata", "STEP_SIZE");
  if (!Array.isArray(times) || stepS === undefined || begunS === undefined) return [];
  const startS = sinceStart(nanoseconds(begunS));
  const values = (times as unknown[]).flatMap((at, index): LoadValue[] => {
    const rates = names.flatMap((name) => numberOf(memberOf(file, "results", name), String(index)) ?? []);
    if (typeof at !== "number" || rates.length === 0) return [];
    const value = sum(rates) * BITS_PER_MBIT;
    return [{ atS: startS + at - stepS, lastsS: stepS, metric: "throughput", value, about: null }];
  });
  const [first] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined) return [];
  const means = names.flatMap((name) => numberOf(file, "metadata", "SERIES_META", name, "MEAN_VALUE") ?? []);
  const span = { atS: first.atS, lastsS: last.atS + last.lastsS - first.atS, about: null };
  return [...values, { ...span, metric: "throughput-mean", value: sum(means) * BITS_PER_MBIT }];
}

/** The time of the first value of all series, which `x_values` count from (`T0` of its metadata). */
function firstOf(file: unknown): number | undefined {
  const firsts = ["ms", "Mbits/s"]
    .flatMap((units) => measuredIn(file, units))
    .flatMap(([, [first]]) => numberOf(first, "t") ?? []);
  return firsts.length === 0 ? undefined : Math.min(...firsts);
}

function nanoseconds(seconds: number): bigint {
  return BigInt(Math.round(seconds * US_PER_S)) * NS_PER_US;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}
