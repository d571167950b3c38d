/** The run cut where faults, renumberings and restarts begin and end, and what each source did in between. */
import type { ProbeSample } from "../experiment/record.ts";
import type { RunRecord } from "../scenario/record.ts";
import { quantile } from "../experiment/statistics.ts";
import { rttsOf } from "./paths.ts";

export interface Phase {
  readonly fromS: number;
  readonly toS: number;
  /** What was going on, in words; empty: nothing. */
  readonly during: string;
}

/** More would be a table that nobody reads; then the run is one phase. */
const MOST_PHASES = 12;

/** Edges closer together than this are one. */
const CLOSE_S = 0.05;

export function phasesOf({ bands, durationS }: RunRecord): Phase[] {
  const lasting = bands.filter(({ kind }) => kind !== "mark");
  const edges = [0, ...lasting.flatMap(({ fromS, toS }) => [fromS, toS ?? durationS]), durationS]
    .filter((edge) => edge >= 0 && edge <= durationS)
    .sort((one, other) => one - other)
    .filter((edge, index, all) => index === 0 || edge - (all[index - 1] ?? 0) > CLOSE_S);
  if (edges.length < 2 || edges.length > MOST_PHASES + 1) return [{ fromS: 0, toS: durationS, during: "" }];
  return edges.slice(1).map((toS, index) => {
    const fromS = edges[index] ?? 0;
    const middle = (fromS + toS) / 2;
    const during = lasting
      .filter((band) => band.fromS <= middle && (band.toS ?? Infinity) >= middle)
      .map(({ label, node, kind }) => `${node}: ${kind === "fault" ? label : kind}`);
    return { fromS, toS, during: during.join(", ") };
  });
}

/** Counts and round trips of some probes; times in nanoseconds, null where nothing was answered. */
export interface PhaseFigures {
  readonly probes: number;
  readonly answered: number;
  readonly noAnswer: number;
  readonly notSent: number;
  /** What the far side got. */
  readonly arrived: number;
  readonly medianNs: number | null;
  readonly p95Ns: number | null;
  readonly mostNs: number | null;
}

export function figuresOf(probes: readonly ProbeSample[]): PhaseFigures {
  const rtts = rttsOf(probes);
  const count = (outcome: ProbeSample["outcome"]): number =>
    probes.filter((probe) => probe.outcome === outcome).length;
  const at = (share: number): number | null => quantile(rtts, share) ?? null;
  return {
    probes: probes.length,
    answered: count("answered"),
    noAnswer: count("no-answer"),
    notSent: count("not-sent"),
    arrived: probes.filter(({ arrivedNs }) => arrivedNs !== null).length,
    medianNs: at(0.5),
    p95Ns: at(0.95),
    mostNs: at(1),
  };
}

/** The probes that were sent within a phase; the last one has those at its end, too. */
export function within(
  { fromS, toS }: Phase,
  probes: readonly ProbeSample[],
  isLast: boolean,
): ProbeSample[] {
  return probes.filter(({ sentNs }) => {
    const atS = sentNs / 1e9;
    return atS >= fromS && (isLast || atS < toS);
  });
}
