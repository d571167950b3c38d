/** Expectations about probes: outages, losses, and how long a failover takes. */
import * as z from "zod";
import { unheardSpans } from "../../experiment/coverage.ts";
import { inBounds, inPercent, inSeconds, inWindow } from "../../experiment/figures.ts";
import { boundsShape, type Outage } from "../../experiment/record.ts";
import { addressesOf, usableSpans } from "../../experiment/sources.ts";
import { intersection, union, without, type Span } from "../../experiment/spans.ts";
import { address, bounds, named, source as sourceValue } from "../entries/values.ts";
import { changeAfter, changesOf } from "./changes.ts";
import { chooser, inWords, isInside, missingProbes, neverAnswered } from "./chosen-probes.ts";
import {
  beginningOf,
  expectationKind,
  isComplete,
  MOST_EVIDENCE,
  nothing,
  overRun,
  overWindow,
  resultOf,
  unlessCovered,
  whileField,
  whileKey,
  type Judged,
} from "./kind.ts";

const NS = 1e9;

/** Which probes: of whom, by which source, to which target, and when. */
const probeKeys = {
  from: named("The host or CPE that sends.", "home-host1"),
  source: sourceValue("From which address: a provider or one address; left out: from any.").optional(),
  target: address("One of probes.targets; left out: all.").optional(),
  ...whileKey,
};
const probeRefs = { from: "prober", source: "source", target: "target" } as const;
const text = z.string();
const probeFields = { from: text, source: text.nullable(), target: text.nullable(), ...whileField };

const outage = expectationKind("outage", {
  summary: "the longest time in which probes of one source to one target were not answered",
  example: "{outage: at most 1s, from: home-host1, source: beta}",
  shape: { outage: bounds("time", "How long."), ...probeKeys },
  refs: probeRefs,
  fields: { ...probeFields, seconds: boundsShape },
  read: ({ outage: seconds, from, source = null, target = null, while: during = null }) => ({
    from,
    source,
    target,
    while: during,
    seconds,
  }),
  text: (expected) =>
    `the longest outage of ${inWords(expected)}${inWindow(expected.while)} is ${inBounds(expected.seconds, inSeconds)}`,
  judge(expected, record) {
    const isMeant = chooser(record, expected);
    const sent = record.probes.filter(
      (probe) => isMeant(probe) && isInside(probe.sentNs / NS, expected.while),
    );
    if (!record.probes.some(({ node }) => node === expected.from))
      return nothing("inconclusive", `${expected.from} sent no probes`);
    const complete = isComplete(record, expected.while);
    if (sent.length === 0) return nothing("inconclusive", "no such probe was sent");
    if ((expected.seconds.atLeast ?? 0) > 0 && neverAnswered(record, expected))
      return nothing("inconclusive", `${inWords(expected)} was never answered in this run`);
    const [fromS, toS] = expected.while ?? [0, record.durationS];
    const outages = record.outages
      .filter(isMeant)
      .map((one) => {
        const begin = Math.max(one.fromS, fromS);
        return { ...one, begin, seconds: Math.min(one.toS ?? record.durationS, toS) - begin };
      })
      .filter(({ seconds }) => seconds > 0)
      .toSorted((one, other) => other.seconds - one.seconds);
    const longest = outages[0]?.seconds ?? 0;
    return unlessCovered(
      {
        result: resultOf(longest, expected.seconds, { complete, grows: true }),
        measured:
          outages.length === 0 ? "no outage" : `the longest of ${outages.length} took ${inSeconds(longest)}`,
        value: longest,
        unit: "s",
        evidence: outages.slice(0, MOST_EVIDENCE).map(({ begin, seconds, source, target, lost }) => ({
          atS: begin,
          text: `${source} to ${target}: ${inSeconds(seconds)}, ${lost} probes lost`,
        })),
      },
      missingProbes(record, expected, expected.while),
    );
  },
  limits: ({ seconds }) => seconds,
  ...overWindow,
});

const loss = expectationKind("loss", {
  summary: "the share of probes that were not answered, those included that could not be sent",
  example: "{loss: at most 1%, from: home-host1, source: beta, while: [10s, 40s]}",
  shape: { loss: bounds("percent", "How much."), ...probeKeys },
  refs: probeRefs,
  fields: { ...probeFields, percent: boundsShape },
  read: ({ loss: percent, from, source = null, target = null, while: during = null }) => ({
    from,
    source,
    target,
    while: during,
    percent,
  }),
  text: (expected) =>
    `the loss of ${inWords(expected)}${inWindow(expected.while)} is ${inBounds(expected.percent, inPercent)}`,
  judge(expected, record) {
    if (!record.probes.some(({ node }) => node === expected.from))
      return nothing("inconclusive", `${expected.from} sent no probes`);
    const isMeant = chooser(record, expected);
    const sent = record.probes.filter(
      (probe) => isMeant(probe) && isInside(probe.sentNs / NS, expected.while),
    );
    const complete = isComplete(record, expected.while);
    if (sent.length === 0) return nothing("inconclusive", "no such probe was sent");
    if ((expected.percent.atLeast ?? 0) > 0 && neverAnswered(record, expected))
      return nothing("inconclusive", `${inWords(expected)} was never answered in this run`);
    const lost = sent.filter(({ outcome }) => outcome !== "answered");
    const notSent = lost.filter(({ outcome }) => outcome === "not-sent").length;
    const percent = (100 * lost.length) / sent.length;
    return unlessCovered(
      {
        result: resultOf(percent, expected.percent, { complete, grows: false }),
        measured: `${inPercent(percent)}: of ${sent.length} probes ${lost.length - notSent} had no answer, ${notSent} could not be sent`,
        value: percent,
        unit: "%",
        evidence: lost.slice(0, MOST_EVIDENCE).map(({ sentNs, source, outcome, reason }) => ({
          atS: sentNs / NS,
          text: `${source}: ${outcome}${reason === null ? "" : ` (${reason})`}, sent at ${inSeconds(sentNs / NS)}`,
        })),
      },
      missingProbes(record, expected, expected.while),
    );
  },
  limits: ({ percent }) => percent,
  ...overWindow,
});

const failover = expectationKind("failover", {
  summary:
    "the time from a step until every address that a new connection may use reaches the target: those that are preferred, or where none is, those that are deprecated (RFC 6724)",
  example: "{failover: at most 5s, from: home-host1, after: alpha-dies}",
  shape: {
    failover: bounds("time", "How long."),
    from: probeKeys.from,
    after: named("The step that it is counted from.", "alpha-dies"),
    target: probeKeys.target,
  },
  refs: { from: "prober", after: "step", target: "target" },
  fields: { from: text, target: text.nullable(), step: text, seconds: boundsShape },
  read: ({ failover: seconds, from, after: step, target = null }) => ({ from, target, step, seconds }),
  text: ({ from, target, step, seconds }) =>
    `${from} reaches ${target ?? "every target"} again from every address that a new connection may use, ${inBounds(seconds, inSeconds)} after ${step}`,
  judge(expected, record) {
    const { from, target, seconds, step } = expected;
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
  limits: ({ seconds }) => seconds,
  ...overRun,
  settleS: ({ seconds }) => seconds.atMost ?? 0,
});

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
  const isMeant = (one: Outage): boolean => one.node === from && (target === null || one.target === target);
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

export const PROBE_EXPECTATIONS = { outage, failover, loss };
