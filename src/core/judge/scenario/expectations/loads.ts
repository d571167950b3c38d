/** Expectations about what the tools of `load` steps measured. */
import * as z from "zod";
import {
  inBits,
  inBounds,
  inNumber,
  inPercent,
  inSeconds,
  inTime,
  inWindow,
} from "../../experiment/figures.ts";
import type { LoadMetric } from "../../experiment/load-metrics.ts";
import { boundsShape, type Bounds, type LoadSample } from "../../experiment/record.ts";
import { ownersOf } from "../../experiment/sources.ts";
import type { Span } from "../../experiment/spans.ts";
import { median, quantile } from "../../experiment/statistics.ts";
import { bounds, named } from "../entries/values.ts";
import {
  beginningOf,
  expectationKind,
  isComplete,
  MOST_EVIDENCE,
  nothing,
  overWindow,
  resultOf,
  unlessCovered,
  whileField,
  whileKey,
  type Finding,
  type Judged,
} from "./kind.ts";

const NS = 1e9;
/** So much of a window has to be measured for a mean to be one of it. */
const LEAST_COVER = 0.9;
/** The figure of round trips and connections is the one that this share of them does not exceed. */
const USUAL_SHARE = 95;

const loadKeys = { of: named("The id of the `load` step.", "traffic"), ...whileKey };
const loadRefs = { of: "load" } as const;
const loadFields = { load: z.string(), ...whileField };
type Chosen = { readonly load: string; readonly while: Span | null };

interface Timed {
  readonly fromS: number;
  readonly toS: number;
  readonly value: number;
  readonly about: string | null;
}

/** What a load measured of a metric in a window, in order; or why nothing follows from it. */
function measured(
  record: Judged,
  { load, while: during }: Chosen,
  metrics: readonly LoadMetric[],
): { readonly samples: readonly Timed[]; readonly complete: boolean } | { readonly missing: Finding } {
  const begun = beginningOf(record, load);
  if ("missing" in begun) return begun;
  const samples = record.loads
    .filter((one) => one.load === load && metrics.includes(one.metric))
    .map(timed)
    .filter(({ fromS, toS }) => during === null || (fromS < during[1] && toS >= during[0]))
    .toSorted((one, other) => one.fromS - other.fromS);
  const { step } = begun;
  if (samples.length === 0) {
    const why = step.outcome === "done" || step.detail === null ? "" : `: ${step.detail}`;
    return {
      missing: nothing("inconclusive", `${load} measured nothing of the kind${inWindow(during)}${why}`),
    };
  }
  const whole = step.outcome === "done" && isComplete(record, during);
  return {
    samples,
    complete: whole || (during !== null && isComplete(record, during) && coversEnd(samples, during)),
  };
}

function timed({ atNs, lastsNs, value, about }: LoadSample): Timed {
  return { fromS: atNs / NS, toS: (atNs + lastsNs) / NS, value, about };
}

/** Without a sample for so long, or for so many times the usual, nothing was seen: lost packets have no round trip. */
const GAP = { leastS: 1, times: 5 } as const;

/** When nothing was measured between samples, in words; of a window also at its beginning and its end. */
function gapsIn(load: string, samples: readonly Timed[], during: Span | null): string[] {
  const starts = samples.map(({ fromS }) => fromS);
  const steps = starts.slice(1).map((atS, index) => atS - (starts[index] ?? atS));
  const longS = Math.max(GAP.leastS, GAP.times * (median(steps) ?? 0));
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return [];
  const edges: Timed[] =
    during === null ? [] : during.map((atS) => ({ fromS: atS, toS: atS, value: 0, about: null }));
  const all = [...samples, ...edges].toSorted((one, other) => one.fromS - other.fromS);
  let at = all[0]?.fromS ?? 0;
  return all.flatMap(({ fromS, toS }) => {
    const gap: Span = [at, fromS];
    at = Math.max(at, toS);
    return gap[1] - gap[0] <= longS
      ? []
      : [`${load} measured nothing from ${inSeconds(gap[0])} to ${inSeconds(gap[1])}`];
  });
}

/** Whether a load that ended early had measured all of a window. */
function coversEnd(samples: readonly Timed[], [, toS]: Span): boolean {
  return (samples.at(-1)?.toS ?? 0) >= toS;
}

const throughput = expectationKind("throughput", {
  summary:
    "the payload per second of a load: over all of it as its tool tells it, in a window the mean of its intervals",
  example: "{throughput: at least 10mbit, of: traffic}",
  shape: { throughput: bounds("bitrate", "How much."), ...loadKeys },
  refs: loadRefs,
  fields: { ...loadFields, bitsPerS: boundsShape },
  read: ({ throughput: bitsPerS, of: load, while: during = null }) => ({ load, while: during, bitsPerS }),
  text: (expected) =>
    `the throughput of ${expected.load}${inWindow(expected.while)} is ${inBounds(expected.bitsPerS, inBits)}`,
  judge(expected, record) {
    const found = measured(record, expected, [expected.while === null ? "throughput-mean" : "throughput"]);
    if ("missing" in found) return found.missing;
    const { samples, complete } = found;
    const span = expected.while;
    const [first] = samples;
    const mean = span === null ? { value: first?.value ?? 0, share: 1 } : meanIn(samples, span);
    if (mean.share < LEAST_COVER)
      return nothing("inconclusive", `it was measured in ${inPercent(100 * mean.share)} of the window only`);
    return {
      result: resultOf(mean.value, expected.bitsPerS, { complete, grows: false }),
      measured: inBits(mean.value),
      value: mean.value,
      unit: "bit/s",
      evidence: slowest(samples, inBits),
    };
  },
  limits: ({ bitsPerS }) => bitsPerS,
  ...overWindow,
});

/** The mean of intervals, each by how long it is in the window; and which share of the window they cover. */
function meanIn(samples: readonly Timed[], [fromS, toS]: Span): { value: number; share: number } {
  let [sum, covered] = [0, 0];
  for (const one of samples) {
    const seconds = Math.max(0, Math.min(one.toS, toS) - Math.max(one.fromS, fromS));
    sum += one.value * seconds;
    covered += seconds;
  }
  return { value: covered === 0 ? 0 : sum / covered, share: covered / (toS - fromS) };
}

function slowest(samples: readonly Timed[], write: (value: number) => string): Finding["evidence"] {
  return samples
    .toSorted((one, other) => one.value - other.value)
    .slice(0, MOST_EVIDENCE)
    .map(({ fromS, value }) => ({ atS: fromS, text: write(value) }));
}

/** What a share of the samples does not exceed: the same for round trips and for connections. */
function atShare(
  expected: Chosen & { readonly seconds: Bounds },
  record: Judged,
  metric: LoadMetric,
): Finding {
  const found = measured(record, expected, [metric]);
  if ("missing" in found) return found.missing;
  const { samples, complete } = found;
  const values = samples.map(({ value }) => value);
  const value = quantile(values, USUAL_SHARE / 100) ?? 0;
  const finding: Finding = {
    result: resultOf(value, expected.seconds, { complete, grows: false }),
    measured: `${inTime(value)} (${USUAL_SHARE} % of ${inNumber(values.length, "sample")} are not above it)`,
    value,
    unit: "s",
    evidence: samples
      .toSorted((one, other) => other.value - one.value)
      .slice(0, MOST_EVIDENCE)
      .map((one) => ({ atS: one.fromS, text: inTime(one.value) })),
  };
  return unlessCovered(finding, gapsIn(expected.load, samples, expected.while));
}

const rttUnderLoad = expectationKind("rtt-under-load", {
  summary: `the round trip that ${USUAL_SHARE} % of those do not exceed which a load measured`,
  example: "{rtt-under-load: at most 100ms, of: traffic, while: [5s, 9s]}",
  shape: { "rtt-under-load": bounds("time", "How long."), ...loadKeys },
  refs: loadRefs,
  fields: { ...loadFields, seconds: boundsShape },
  read: ({ "rtt-under-load": seconds, of: load, while: during = null }) => ({ load, while: during, seconds }),
  text: (expected) =>
    `${USUAL_SHARE} % of the round trips of ${expected.load}${inWindow(expected.while)} take ${inBounds(expected.seconds, inTime)}`,
  judge: (expected, record) => atShare(expected, record, "rtt"),
  limits: ({ seconds }) => seconds,
  ...overWindow,
});

const connectTime = expectationKind("connect-time", {
  summary: `the time until a connection is open that ${USUAL_SHARE} % of the connections of a load do not exceed`,
  example: "{connect-time: at most 300ms, of: traffic}",
  shape: { "connect-time": bounds("time", "How long."), ...loadKeys },
  refs: loadRefs,
  fields: { ...loadFields, seconds: boundsShape },
  read: ({ "connect-time": seconds, of: load, while: during = null }) => ({ load, while: during, seconds }),
  text: (expected) =>
    `${USUAL_SHARE} % of the connections of ${expected.load}${inWindow(expected.while)} are open after ${inBounds(expected.seconds, inTime)}`,
  judge: (expected, record) => atShare(expected, record, "connect"),
  limits: ({ seconds }) => seconds,
  ...overWindow,
});

const sessions = expectationKind("sessions", {
  summary: "how many sessions or requests of a load were completed",
  example: "{sessions: at least 100, of: traffic}",
  shape: { sessions: bounds("count", "How many."), ...loadKeys },
  refs: loadRefs,
  fields: { ...loadFields, count: boundsShape },
  read: ({ sessions: count, of: load, while: during = null }) => ({ load, while: during, count }),
  text: (expected) =>
    `${inBounds(expected.count, (value) => inNumber(value, "session"))} of ${expected.load} ${expected.while === null ? "" : `${inWindow(expected.while).trim()} `}are completed`,
  judge(expected, record) {
    // Where all failed, that is what was measured.
    const found = measured(record, expected, ["session", "session-failed"]);
    if ("missing" in found) return found.missing;
    const completed = record.loads.filter(
      ({ load, metric }) => load === expected.load && metric === "session",
    );
    const during = expected.while;
    const ends = completed
      .map(timed)
      .filter(({ toS }) => during === null || (toS >= during[0] && toS < during[1]));
    const failed = found.samples.length - ends.length;
    const finding: Finding = {
      result: resultOf(ends.length, expected.count, { complete: found.complete, grows: true }),
      measured: `${inNumber(ends.length, "session")}${failed > 0 ? `, and ${failed} that failed or ended at another time` : ""}`,
      value: ends.length,
      unit: null,
      evidence: found.samples.slice(0, 1).map(({ fromS }) => ({ atS: fromS, text: "the first" })),
    };
    return unlessCovered(finding, gapsIn(expected.load, found.samples, during));
  },
  limits: ({ count }) => count,
  ...overWindow,
});

const stall = expectationKind("stall", {
  summary:
    "the longest time in which a load made no progress: intervals without payload, or no answered packet; to the interval of its tool",
  example: "{stall: at most 2s, of: traffic}",
  shape: { stall: bounds("time", "How long."), ...loadKeys },
  refs: loadRefs,
  fields: { ...loadFields, seconds: boundsShape },
  read: ({ stall: seconds, of: load, while: during = null }) => ({ load, while: during, seconds }),
  text: (expected) =>
    `${expected.load} stands still${inWindow(expected.while)} for ${inBounds(expected.seconds, inSeconds)}`,
  judge(expected, record) {
    const flowing = measured(record, expected, ["throughput"]);
    const found = "missing" in flowing ? measured(record, expected, ["rtt", "session"]) : flowing;
    if ("missing" in found) return found.missing;
    const { samples, complete } = found;
    const alive = found === flowing ? samples.filter(({ value }) => value > 0) : samples;
    const [fromS, toS] = expected.while ?? [samples[0]?.fromS ?? 0, endOf(record, expected.load, samples)];
    const longest = longestGap(alive, [fromS, toS]);
    return {
      result: resultOf(longest.seconds, expected.seconds, { complete, grows: true }),
      measured: `the longest time without progress was ${inSeconds(longest.seconds)}`,
      value: longest.seconds,
      unit: "s",
      evidence: [{ atS: longest.fromS, text: `no progress for ${inSeconds(longest.seconds)}` }],
    };
  },
  limits: ({ seconds }) => seconds,
  ...overWindow,
});

/** Until when a load was asked to last: what ended before was silent from then on. */
function endOf({ scenario, steps }: Judged, load: string, samples: readonly Timed[]): number {
  const last = samples.at(-1)?.toS ?? 0;
  const plan = scenario.steps.find((one) => one.do === "load" && one.id === load);
  const step = steps.find(({ id }) => id === load);
  if (plan?.do !== "load" || step === undefined || step.outcome === "done") return last;
  return Math.max(last, Math.min(step.startedS + plan.forS, step.endedS ?? Infinity));
}

/** The longest time of a window that no interval covers, nor a moment parts. */
function longestGap(alive: readonly Timed[], [fromS, toS]: Span): { fromS: number; seconds: number } {
  let at = fromS;
  let longest = { fromS, seconds: 0 };
  const take = (until: number): void => {
    const seconds = Math.min(until, toS) - at;
    if (seconds > longest.seconds) longest = { fromS: at, seconds };
  };
  for (const one of alive) {
    take(one.fromS);
    at = Math.max(at, Math.min(one.toS, toS));
  }
  take(toS);
  return longest;
}

const chosenSource = expectationKind("chosen-source", {
  summary: "from the address of which provider the sessions of a load went",
  example: "{chosen-source: beta, of: traffic}",
  shape: { "chosen-source": named("The provider.", "beta"), ...loadKeys },
  refs: { ...loadRefs, "chosen-source": "provider" },
  fields: { ...loadFields, provider: z.string() },
  read: ({ "chosen-source": provider, of: load, while: during = null }) => ({
    load,
    while: during,
    provider,
  }),
  text: (expected) =>
    `every session of ${expected.load}${inWindow(expected.while)} goes from an address of ${expected.provider}`,
  judge(expected, record) {
    // A session without a connection of its own goes over that of another one.
    const connected = measured(record, expected, ["connect"]);
    const found = "missing" in connected ? measured(record, expected, ["session"]) : connected;
    if ("missing" in found) return found.missing;
    const node = record.steps.find(({ id }) => id === expected.load)?.node ?? "";
    const owner = ownersOf(record);
    const known = found.samples.filter(({ about }) => about !== null);
    if (known.length === 0) return nothing("inconclusive", "the tool did not tell from which address");
    const others = known.filter(({ about }) => owner(node, about ?? "") !== expected.provider);
    const percent = (100 * (known.length - others.length)) / known.length;
    const finding: Finding = {
      result: others.length > 0 ? "failed" : found.complete ? "passed" : "inconclusive",
      measured: `${inPercent(percent)} of ${inNumber(known.length, "session")}`,
      value: percent,
      unit: "%",
      evidence: others
        .slice(0, MOST_EVIDENCE)
        .map(({ fromS, about }) => ({ atS: fromS, text: `from ${about}` })),
    };
    return unlessCovered(finding, gapsIn(expected.load, found.samples, expected.while));
  },
  limits: () => ({ atLeast: 100, atMost: null }),
  ...overWindow,
});

export const LOAD_EXPECTATIONS = {
  throughput,
  "rtt-under-load": rttUnderLoad,
  sessions,
  stall,
  "connect-time": connectTime,
  "chosen-source": chosenSource,
};
