import { unheardSpans } from "../coverage.ts";
import { inBounds, inSeconds } from "../figures.ts";
import type { Outage } from "../model.ts";
import { addressesOf, usableSpans } from "../sources.ts";
import { intersection, union, without, type Span } from "../spans.ts";
import { changeAfter, changesOf } from "./changes.ts";
import {
  beginningOf,
  nothing,
  resultOf,
  unlessCovered,
  type ClaimKind,
  type Judged,
  type Of,
} from "./claim-kind.ts";
import { missingProbes, neverAnswered } from "./probes.ts";

/** From a step until every address that a new connection may use reaches the target. */
export const failover: ClaimKind<Of<"failover">> = {
  text: ({ from, target, step, seconds }) =>
    `${from} reaches ${target ?? "every target"} again from every address that a new connection may use, ${inBounds(seconds, inSeconds)} after ${step}`,
  judge(claim, record) {
    const { from, target, seconds, step } = claim;
    const begun = beginningOf(record, step);
    if ("missing" in begun) return begun.missing;
    const { fromS } = begun;
    const endS = changeAfter(changesOf(record, step), fromS) ?? record.durationS;
    const place = { from, target, all: [fromS, endS] } as const;
    const missing = missingOf(record, place);
    const bad = badSpans(record, place);
    const last = bad.at(-1);
    const evidence = bad.map(([begin, end]) => ({
      atS: begin,
      text: `no answer to an address that may be used, for ${inSeconds(end - begin)}`,
    }));
    if (last !== undefined && last[1] >= endS)
      return {
        result:
          (record.partial && endS === record.durationS) || missing.length > 0 ? "inconclusive" : "failed",
        measured: `${missing[0] === undefined ? "" : `${missing[0]}; `}not within ${inSeconds(endS - fromS)}, until ${endS === record.durationS ? "the end" : "something else was done"}`,
        value: null,
        unit: null,
        evidence,
      };
    const tookS = last === undefined ? 0 : last[1] - fromS;
    const never = seconds.atLeast !== null && neverAnswered(record, { from, target, source: null });
    if (never) return nothing("inconclusive", `${from} never reached ${target ?? "a target"} in this run`);
    return unlessCovered(
      {
        result: resultOf(tookS, seconds, { complete: true, grows: true }),
        measured: last === undefined ? "it never lost it" : `after ${inSeconds(tookS)}`,
        value: tookS,
        unit: "s",
        evidence: [...evidence, ...(last === undefined ? [] : [{ atS: last[1], text: "answered again" }])],
      },
      missing,
    );
  },
};

interface Place {
  readonly from: string;
  readonly target: string | null;
  readonly all: Span;
}

/** Why it is not known: nothing was sent although there was an address, or nobody tells whether there was one. */
function missingOf(record: Judged, { from, target, all }: Place): string[] {
  const addresses = addressesOf(record, from);
  const some =
    addresses === undefined
      ? [all]
      : union([
          ...unheardSpans(record, from),
          ...[addresses.preferred, addresses.deprecated].flatMap((one) => [...one.values()].flat()),
        ]);
  return missingProbes(record, { from, target, source: null }, all, some);
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
