import { parseIp6 } from "../../../model/ip6.ts";
import { gapsOf } from "../../experiment/coverage.ts";
import type { ProbeSample } from "../../experiment/record.ts";
import { intersection, type Span } from "../../experiment/spans.ts";
import { gapText } from "../../experiment/timeline.ts";
import { ownersOf } from "../../experiment/sources.ts";
import type { Judged } from "./kind.ts";

/** Which probes an expectation is about. */
export interface Chosen {
  readonly from: string;
  /** A provider or an address; null: any. */
  readonly source: string | null;
  readonly target: string | null;
}

const NS = 1e9;

type OfProbe = Pick<ProbeSample, "node" | "source" | "target">;

/** Tells whether a probe, or an outage, is one that an expectation is about. */
export function chooser(record: Judged, { from, source, target }: Chosen): (probe: OfProbe) => boolean {
  const owner = ownersOf(record);
  const isSource = (address: string): boolean =>
    source === null ||
    (parseIp6(source) === undefined ? owner(from, address) === source : address === source);
  return (probe) =>
    probe.node === from && (target === null || probe.target === target) && isSource(probe.source);
}

/** `home-host1`'s probes in words. */
export function inWords({ from, source, target }: Chosen): string {
  return `${from}${source === null ? "" : ` with a source of ${source}`}${target === null ? "" : ` to ${target}`}`;
}

/** Whether a moment is in a window. */
export function isInside(atS: number, window: readonly [number, number] | null): boolean {
  return window === null || (atS >= window[0] && atS < window[1]);
}

/** When none of the probes that an expectation is about was sent to a target in a window, each gap in words. */
export function missingProbes(
  record: Judged,
  chosen: Chosen,
  window: Span | null,
  within?: readonly Span[],
): string[] {
  const { everyMs, targets } = record.scenario.probes;
  const everyS = everyMs / 1000;
  const isMeant = chooser(record, chosen);
  const [fromS, toS] = window ?? [0, record.durationS];
  const all: Span = [fromS, Math.min(toS, record.durationS)];
  return targets
    .filter((target) => chosen.target === null || target === chosen.target)
    .flatMap((target) => {
      const times = record.probes
        .filter((probe) => probe.target === target && isMeant(probe))
        .map(({ sentNs }) => sentNs / NS)
        .toSorted((one, other) => one - other);
      return intersection(gapsOf(times, all, everyS), within ?? [all]);
    })
    .map((gap) => gapText(inWords(chosen), gap, everyS));
}

/** Whether no probe that an expectation is about was ever answered: its loss then proves nothing of what was done. */
export function neverAnswered(record: Judged, chosen: Chosen): boolean {
  const isMeant = chooser(record, chosen);
  return !record.probes.some((probe) => probe.outcome === "answered" && isMeant(probe));
}
