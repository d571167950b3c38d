import { parseIp6 } from "../../ip6.ts";
import type { ProbeSample } from "../model.ts";
import { ownersOf } from "../sources.ts";
import type { Judged } from "./claim-kind.ts";

/** Which probes a claim is about. */
export interface Chosen {
  readonly from: string;
  /** A provider or an address; null: any. */
  readonly source: string | null;
  readonly target: string | null;
}

type OfProbe = Pick<ProbeSample, "member" | "source" | "target">;

/** Tells whether a probe, or an outage, is one that a claim is about. */
export function chooser(record: Judged, { from, source, target }: Chosen): (probe: OfProbe) => boolean {
  const owner = ownersOf(record);
  const isSource = (address: string): boolean =>
    source === null ||
    (parseIp6(source) === undefined ? owner(from, address) === source : address === source);
  return (probe) =>
    probe.member === from && (target === null || probe.target === target) && isSource(probe.source);
}

/** `home-host1`'s probes in words. */
export function inWords({ from, source, target }: Chosen): string {
  return `${from}${source === null ? "" : ` with a source of ${source}`}${target === null ? "" : ` to ${target}`}`;
}

/** Whether a moment is in a window. */
export function isInside(atS: number, window: readonly [number, number] | null): boolean {
  return window === null || (atS >= window[0] && atS < window[1]);
}
