/** OpenMetrics 1.0 with time stamps: `promtool tsdb create-blocks-from openmetrics metrics.om` makes blocks for Prometheus of it. */
import { groupBy } from "../../core/model/grouped.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { metricOf } from "../../core/judge/experiment/load-metrics.ts";
import { secondsOfNs } from "../../core/judge/evidence/columns.ts";
import { OUTCOMES } from "../../core/judge/evidence/outcomes.ts";
import { pathsOf, rttNsOf } from "../../core/judge/evidence/paths.ts";

interface Point {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Since t=0. */
  readonly atNs: number;
}

interface Family {
  readonly name: string;
  readonly type: "gauge" | "info" | "counter";
  readonly unit?: "seconds";
  readonly help: string;
  readonly points: (record: RunRecord) => Point[];
}

const NS_PER_S = 1e9;
const NS_PER_MS = 1_000_000n;
const nsOf = (seconds: number): number => Math.round(seconds * NS_PER_S);

/** Every family, in the order of the file; docs/run-folder.md lists them. */
export const RUN_FAMILIES: readonly Family[] = [
  {
    name: "mhlab_run",
    type: "info",
    help: "The run: scenario, lab and values of its matrix.",
    points: ({ scenario, lab, variables }) => [
      {
        labels: { scenario: scenario.name, lab, seed: String(scenario.seed), ...named(variables) },
        value: 1,
        atNs: 0,
      },
    ],
  },
  {
    name: "mhlab_probe_rtt_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Round trip of an answered probe, at the time when it was sent.",
    points: (record) =>
      ofProbes(record, (probe) => {
        const rtt = rttNsOf(probe);
        return rtt === undefined ? undefined : rtt / NS_PER_S;
      }),
  },
  {
    name: "mhlab_probe_answered",
    type: "gauge",
    help: "1 for a probe that was answered, 0 for one that was not; absent for one that could not be sent.",
    points: (record) =>
      ofProbes(record, ({ outcome }) =>
        outcome === "not-sent" ? undefined : Number(outcome === "answered"),
      ),
  },
  {
    name: "mhlab_address_preferred",
    type: "gauge",
    help: "1 from when an address is preferred, 0 from when it is not any more.",
    points: ({ facts }) =>
      facts
        .filter(({ kind }) => kind === "address")
        .map(({ atS, node, subject, provider, state }) => ({
          labels: { node, address: subject, provider: provider ?? "" },
          value: Number(state === "preferred"),
          atNs: nsOf(atS),
        })),
  },
  {
    name: "mhlab_router_present",
    type: "gauge",
    help: "1 from when a router is a default router, 0 from when it is none any more.",
    points: ({ facts }) =>
      facts
        .filter(({ kind }) => kind === "router")
        .map(({ atS, node, subject, provider, state }) => ({
          labels: { node, router: subject, provider: provider ?? "" },
          value: Number(state !== null),
          atNs: nsOf(atS),
        })),
  },
  {
    name: "mhlab_flow_rtt_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Round trip of an answered message of a flow.",
    points: ({ flows }) =>
      flows.flatMap(({ flow, atNs, rttNs }) =>
        rttNs === null ? [] : [{ labels: { flow }, value: rttNs / NS_PER_S, atNs }],
      ),
  },
  {
    name: "mhlab_load",
    type: "gauge",
    help: "What the tool of a load measured, at the end of what it is about: bit/s, seconds, percent or a number.",
    points: ({ loads }) =>
      loads.map(({ load, metric, about, value, atNs, lastsNs }) => ({
        labels: { load, metric, unit: metricOf(metric).unit ?? "", ...(about === null ? {} : { about }) },
        value,
        atNs: atNs + lastsNs,
      })),
  },
  {
    name: "mhlab_active",
    type: "gauge",
    help: "1 from when a fault, a renumbering or a restart began, 0 from when it ended.",
    points: ({ bands, durationS }) =>
      bands.flatMap(({ id, kind, label, node, fromS, toS }) => {
        const labels = { id, kind, label, node };
        return [
          { labels, value: 1, atNs: nsOf(fromS) },
          { labels, value: Number(toS === null), atNs: nsOf(toS ?? durationS) },
        ];
      }),
  },
  {
    name: "mhlab_leaked_packets",
    type: "counter",
    help: "Packets that leaked at a provider's port, at the end of the run.",
    points: ({ leaks, durationS }) =>
      Object.entries(leaks).flatMap(([provider, port]) =>
        (["up", "down"] as const).map((direction) => ({
          labels: { provider, direction },
          value: port[direction],
          atNs: nsOf(durationS),
        })),
      ),
  },
  {
    name: "mhlab_expectation",
    type: "gauge",
    help: "1 for each expectation, with what became of it.",
    points: ({ verdicts, durationS }) =>
      verdicts.map(({ id, result }) => ({
        labels: { expectation: id, result: OUTCOMES[result].word },
        value: 1,
        atNs: nsOf(durationS),
      })),
  },
];

const SUFFIX: Readonly<Record<Family["type"], string>> = { gauge: "", info: "_info", counter: "_total" };

export function writeOpenMetrics(record: RunRecord): string {
  const epochNs = BigInt(record.startedNs);
  const families = RUN_FAMILIES.flatMap(({ name, type, unit, help, points }) => {
    const lines = seriesOf(points(record)).flatMap((series) => {
      const times = timesOf(epochNs, series);
      return series.map(
        ({ labels, value }, index) => `${name}${SUFFIX[type]}${labelText(labels)} ${value} ${times[index]}`,
      );
    });
    const head = [
      `# TYPE ${name} ${type}`,
      ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
      `# HELP ${name} ${escaped(help)}`,
    ];
    return lines.length === 0 ? [] : [...head, ...lines];
  });
  return `${[...families, "# EOF"].join("\n")}\n`;
}

/** Points of one series stand together, in the order of time. */
function seriesOf(points: readonly Point[]): Point[][] {
  const series = groupBy(points, ({ labels }) => JSON.stringify(Object.entries(labels)));
  return [...series.values()].map((one) => one.toSorted((left, right) => left.atNs - right.atNs));
}

/**
 * The times of one series, in order. Prometheus stores whole milliseconds, and of two samples of a series in one millisecond
 * only the first: a sample whose millisecond is taken gets the next one.
 */
function timesOf(epochNs: bigint, series: readonly Point[]): string[] {
  let last = -Infinity;
  return series.map(({ atNs }) => {
    const exact = epochS(epochNs + BigInt(Math.round(atNs)));
    // The middle of the millisecond: as a float, its beginning may be read as the one before.
    const time = storedMs(exact) > last ? exact : epochS((BigInt(last) + 1n) * NS_PER_MS + NS_PER_MS / 2n);
    last = storedMs(time);
    return time;
  });
}

/** The millisecond to which Prometheus cuts a time stamp. */
function storedMs(time: string): number {
  return Math.trunc(Number(time) * 1000);
}

function ofProbes(
  record: RunRecord,
  read: (probe: RunRecord["probes"][number]) => number | undefined,
): Point[] {
  return pathsOf(record).flatMap(({ node, source, target, provider, probes }) => {
    const labels = { node, source, target, provider: provider ?? "" };
    return probes.flatMap((probe) => {
      const value = read(probe);
      return value === undefined ? [] : [{ labels, value, atNs: probe.sentNs }];
    });
  });
}

/** Seconds since 1970 of nanoseconds, exactly. */
function epochS(ns: bigint): string {
  return `${ns / 1_000_000_000n}${secondsOfNs(Number(ns % 1_000_000_000n)).slice(1)}`;
}

/** Variables of the matrix as labels of their own, out of the way of ours. */
function named(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`variable_${name.replaceAll(/\W/g, "_")}`, value]),
  );
}

function labelText(labels: Point["labels"]): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
