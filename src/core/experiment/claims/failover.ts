import { inBounds, inSeconds } from "../figures.ts";
import type { Outage } from "../model.ts";
import { addressesOf, usableSpans } from "../sources.ts";
import { intersection, union, without, type Span } from "../spans.ts";
import { changeAfter, changesOf } from "./changes.ts";
import { beginningOf, nothing, resultOf, type ClaimKind, type Judged, type Of } from "./claim-kind.ts";

const NS = 1e9;

/** From a step until every address that a new connection may use reaches the target. */
export const failover: ClaimKind<Of<"failover">> = {
  text: ({ from, target, step, seconds }) =>
    `${from} reaches ${target ?? "every target"} again from every address that a new connection may use, ${inBounds(seconds, inSeconds)} after ${step}`,
  judge(claim, record) {
    const { from, target, seconds } = claim;
    const begun = beginningOf(record, claim.step);
    if ("missing" in begun) return begun.missing;
    const { fromS } = begun;
    const sent = record.probes.filter(
      (probe) =>
        probe.member === from && (target === null || probe.target === target) && probe.sentNs / NS >= fromS,
    );
    if (sent.length === 0)
      return nothing(
        record.partial ? "inconclusive" : "unsupported",
        `${from} sent no probes after ${claim.step}`,
      );
    const endS = changeAfter(changesOf(record), fromS) ?? record.durationS;
    const bad = badSpans(record, { from, target, all: [fromS, endS] });
    const last = bad.at(-1);
    const evidence = bad.map(([begin, end]) => ({
      atS: begin,
      text: `no answer to an address that may be used, for ${inSeconds(end - begin)}`,
    }));
    if (last !== undefined && last[1] >= endS)
      return {
        result: record.partial && endS === record.durationS ? "inconclusive" : "failed",
        measured: `not within ${inSeconds(endS - fromS)}, until ${endS === record.durationS ? "the end" : "something else was done"}`,
        value: null,
        unit: null,
        evidence,
      };
    const tookS = last === undefined ? 0 : last[1] - fromS;
    return {
      result: resultOf(tookS, seconds, { complete: true, grows: true }),
      measured: last === undefined ? "it never lost it" : `after ${inSeconds(tookS)}`,
      value: tookS,
      unit: "s",
      evidence: [...evidence, ...(last === undefined ? [] : [{ atS: last[1], text: "answered again" }])],
    };
  },
};

interface Place {
  readonly from: string;
  readonly target: string | null;
  readonly all: Span;
}

/** When an address that a new connection might have used was not answered, or there was none. */
function badSpans(record: Judged, { from, target, all }: Place): Span[] {
  const { durationS } = record;
  const addresses = addressesOf(record, from);
  const isMeant = (outage: Outage): boolean =>
    outage.member === from && (target === null || outage.target === target);
  const silent = record.outages
    .filter(isMeant)
    .flatMap(({ source, fromS, toS }) =>
      intersection([[fromS, toS ?? durationS]], usableSpans(addresses, source, durationS)),
    );
  const some =
    addresses === undefined
      ? [all]
      : [...addresses.preferred.values(), ...addresses.deprecated.values()].flat();
  return intersection(union([...silent, ...without(all, some)]), [all]);
}
