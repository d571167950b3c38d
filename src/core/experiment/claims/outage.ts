import { inBounds, inSeconds, inWindow } from "../figures.ts";
import {
  isComplete,
  MOST_EVIDENCE,
  nothing,
  resultOf,
  unlessCovered,
  type ClaimKind,
  type Of,
} from "./claim-kind.ts";
import { chooser, inWords, isInside, missingProbes, neverAnswered } from "./probes.ts";

const NS = 1e9;

/** The longest outage of one source. */
export const outage: ClaimKind<Of<"outage">> = {
  text: (claim) =>
    `the longest outage of ${inWords(claim)}${inWindow(claim.while)} is ${inBounds(claim.seconds, inSeconds)}`,
  judge(claim, record) {
    const isMeant = chooser(record, claim);
    const sent = record.probes.filter((probe) => isMeant(probe) && isInside(probe.sentNs / NS, claim.while));
    if (!record.probes.some(({ member }) => member === claim.from))
      return nothing("inconclusive", `${claim.from} sent no probes`);
    const complete = isComplete(record, claim.while);
    if (sent.length === 0) return nothing("inconclusive", "no such probe was sent");
    if ((claim.seconds.atLeast ?? 0) > 0 && neverAnswered(record, claim))
      return nothing("inconclusive", `${inWords(claim)} was never answered in this run`);
    const [fromS, toS] = claim.while ?? [0, record.durationS];
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
        result: resultOf(longest, claim.seconds, { complete, grows: true }),
        measured:
          outages.length === 0 ? "no outage" : `the longest of ${outages.length} took ${inSeconds(longest)}`,
        value: longest,
        unit: "s",
        evidence: outages.slice(0, MOST_EVIDENCE).map(({ begin, seconds, source, target, lost }) => ({
          atS: begin,
          text: `${source} to ${target}: ${inSeconds(seconds)}, ${lost} probes lost`,
        })),
      },
      missingProbes(record, claim, claim.while),
    );
  },
};
