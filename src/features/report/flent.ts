/**
 * flent's data file, version 4. It goes by the name of flent's test `rtt_fair_var`, because that one has a series for each of
 * any number of hosts: `flent -i run.flent.gz -p ping` then plots every source without a test file of ours.
 */
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { pathsOf, rttNsOf, titleOf, type ProbedPath } from "../../core/judge/evidence/paths.ts";

const NS_PER_S = 1e9;
const NS_PER_MS = 1e6;

export function writeFlent(record: RunRecord): string {
  const { scenario, startedNs, startedAt, durationS, nodes } = record;
  const stepS = scenario.probes.everyMs / 1000;
  const count = Math.max(1, Math.ceil(durationS / stepS));
  const paths = pathsOf(record);
  const named = paths.map((path) => [labelOf(path, paths), path] as const);
  const ofSeries = <T>(make: (path: ProbedPath) => T): Record<string, T> =>
    Object.fromEntries(named.map(([label, path]) => [seriesOf(label), make(path)]));
  const epochS = Number(startedNs) / NS_PER_S;
  const at = startedAt.replace(/(?:\.\d+)?Z$/, (end) => (end === "Z" ? ".000000Z" : end));
  return `${JSON.stringify({
    metadata: {
      NAME: "rtt_fair_var",
      TITLE: titleOf(record),
      NOTE: scenario.source,
      TIME: at,
      T0: at,
      HOST: scenario.probes.targets[0] ?? null,
      HOSTS: named.map(([label]) => label),
      LOCAL_HOST: nodes.join(" "),
      LENGTH: durationS,
      TOTAL_LENGTH: durationS,
      STEP_SIZE: stepS,
      IP_VERSION: 6,
      TEST_PARAMETERS: {},
      FLENT_VERSION: "2.2.0",
      SERIES_META: ofSeries(({ node, source, target, provider }) => ({
        UNITS: "ms",
        RUNNER_TYPE: "mhlab",
        HOST: target,
        LOCAL_BIND: source,
        NODE: node,
        PROVIDER: provider,
      })),
    },
    version: 4,
    x_values: Array.from({ length: count }, (_, index) => index * stepS),
    results: ofSeries((path) => grid(path, count, stepS)),
    raw_values: ofSeries((path) =>
      path.probes.flatMap((probe) => {
        const rtt = rttNsOf(probe);
        const t = epochS + probe.sentNs / NS_PER_S;
        return rtt === undefined ? [] : [{ t, val: rtt / NS_PER_MS, seq: probe.seq }];
      }),
    ),
  })}\n`;
}

function seriesOf(label: string): string {
  return `Ping (ms) ICMP ${label}`;
}

/** Its globs stop at a colon: addresses are written with dashes, as for a host name. The target, where there are several. */
function labelOf({ node, source, target }: ProbedPath, all: readonly ProbedPath[]): string {
  const several = all.some((other) => other.target !== target);
  return [node, source, ...(several ? ["to", target] : [])].join(" ").replaceAll(":", "-");
}

/** Milliseconds of the answered probe that was sent in each step; null where there was none. */
function grid({ probes }: ProbedPath, count: number, stepS: number): (number | null)[] {
  const values = Array.from({ length: count }, (): number | null => null);
  for (const probe of probes) {
    const rtt = rttNsOf(probe);
    const step = Math.floor(probe.sentNs / NS_PER_S / stepS);
    if (rtt !== undefined && step >= 0 && step < count) values[step] = rtt / NS_PER_MS;
  }
  return values;
}
