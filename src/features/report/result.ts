import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { OUTCOMES, resultOf } from "../../core/judge/evidence/outcomes.ts";
import { pathsOf } from "../../core/judge/evidence/paths.ts";

/** What the run came to, as JSON for a machine: verdicts, outages with their resolution, and counts of each source. */
export function summaryOf(record: RunRecord): unknown {
  const { scenario, variables, lab, startedAt, durationS, partial, verdicts, outages, steps } = record;
  const results = Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[];
  return {
    format: 1,
    scenario: scenario.name,
    variables,
    lab,
    seed: scenario.seed,
    startedAt,
    durationS,
    partial,
    result: resultOf(record),
    counts: Object.fromEntries(
      results.map((result) => [result, verdicts.filter((one) => one.result === result).length]),
    ),
    verdicts,
    /** Seconds by which the true length of an outage may differ: the interval of the probes. */
    resolutionS: scenario.probes.everyMs / 1000,
    outages,
    sources: pathsOf(record).map(({ node, source, target, provider, probes }) => {
      const count = (outcome: string): number => probes.filter((one) => one.outcome === outcome).length;
      return {
        node,
        source,
        target,
        provider,
        answered: count("answered"),
        noAnswer: count("no-answer"),
        notSent: count("not-sent"),
        arrived: probes.filter(({ arrivedNs }) => arrivedNs !== null).length,
      };
    }),
    leaks: record.leaks,
    steps: steps.map(({ id, outcome, startedS, endedS, exitCode }) => ({
      id,
      outcome,
      startedS,
      endedS,
      exitCode,
    })),
  };
}

export function writeResult(record: RunRecord): string {
  return `${JSON.stringify(summaryOf(record), null, 2)}\n`;
}
