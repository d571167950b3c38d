import { parseIp6 } from "../../ip6.ts";
import type { ProbeSample } from "../model.ts";
import { addressesOf, ownersOf } from "../sources.ts";
import type { Moment, Timeline } from "../timeline.ts";
import type { ConditionKind, Of, Recorded } from "./condition-kind.ts";

const NS = 1e9;
/** The longest that a packet is taken to be under way when something changes, in seconds. */
const LONGEST_GUARD_S = 0.2;
/** Of a source of which nothing was sent for so many intervals nothing is known. */
const INTERVALS = 1.5;

/** Probes are answered, or not. */
export const reaches: ConditionKind<Of<"reaches">> = {
  text: ({ target, from, source, met }) =>
    `${from} ${met ? "reaches" : "does not reach"} ${target}${source === null ? "" : ` from ${parseIp6(source) === undefined ? "its addresses of " : ""}${source}`}`,
  isLack: ({ met }) => !met,
  timeline(condition, record) {
    const sent = record.probes
      .filter(({ member, target }) => member === condition.from && target === condition.target)
      .toSorted((one, other) => one.sentNs - other.sentNs);
    if (sent.length === 0) return undefined;
    const moments =
      condition.source === null ? anySource(sent, condition, record) : ofSource(sent, condition, record);
    const everyS = record.scenario.probes.everyMs / 1000;
    return {
      kind: "samples",
      member: condition.from,
      moments,
      everyS,
      answered: sent.some(({ outcome }) => outcome === "answered"),
      guardS: guardOf(sent),
    } satisfies Timeline;
  },
};

/** Each probe of an address that is meant counts. */
function ofSource(
  sent: readonly ProbeSample[],
  { source, from, met }: Of<"reaches">,
  record: Recorded,
): Moment[] {
  const isMeant = meantBy(source, from, record);
  return sent.filter(isMeant).map((probe) => ({
    atS: probe.sentNs / NS,
    holds: (probe.outcome === "answered") === met,
    text: told(probe),
  }));
}

/** An address by itself, or those of a provider that are not deprecated. */
function meantBy(source: string | null, from: string, record: Recorded): (probe: ProbeSample) => boolean {
  if (source === null) return () => true;
  if (parseIp6(source) !== undefined) return (probe) => probe.source === source;
  const owner = ownersOf(record);
  const addresses = addressesOf(record, from);
  return (probe) => {
    if (owner(from, probe.source) !== source) return false;
    const bits = parseIp6(probe.source);
    const deprecated = bits === undefined ? undefined : addresses?.deprecated.get(bits);
    const atS = probe.sentNs / NS;
    return !(deprecated ?? []).some(([begin, end]) => begin <= atS && atS < end);
  };
}

/** Each time that some were sent, whether the latest of any source was answered. */
function anySource(sent: readonly ProbeSample[], { met }: Of<"reaches">, { scenario }: Recorded): Moment[] {
  const latest = new Map<string, ProbeSample>();
  const longestNs = INTERVALS * scenario.probes.everyMs * 1e6;
  return sent.flatMap((probe, index): Moment[] => {
    latest.set(probe.source, probe);
    if (sent[index + 1]?.sentNs === probe.sentNs) return [];
    const fresh = [...latest.values()].filter(({ sentNs }) => probe.sentNs - sentNs <= longestNs);
    const answered = fresh.find(({ outcome }) => outcome === "answered");
    return [
      { atS: probe.sentNs / NS, holds: (answered !== undefined) === met, text: told(answered ?? probe) },
    ];
  });
}

function told({ source, outcome, reason }: ProbeSample): string {
  const what = { answered: "answered", "no-answer": "no answer", "not-sent": "could not be sent" }[outcome];
  return `probe from ${source}: ${what}${reason === null ? "" : ` (${reason})`}`;
}

function guardOf(sent: readonly ProbeSample[]): number {
  const longest = sent.reduce(
    (most, { sentNs, receivedNs }) => (receivedNs === null ? most : Math.max(most, receivedNs - sentNs)),
    0,
  );
  return Math.min(LONGEST_GUARD_S, longest / NS);
}
