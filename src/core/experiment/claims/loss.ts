import { inBounds, inPercent, inSeconds, inWindow } from "../figures.ts";
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

/** The share of probes that were not answered. */
export const loss: ClaimKind<Of<"loss">> = {
  text: (claim) =>
    `the loss of ${inWords(claim)}${inWindow(claim.while)} is ${inBounds(claim.percent, inPercent)}`,
  judge(claim, record) {
    if (!record.probes.some(({ member }) => member === claim.from))
      return nothing("inconclusive", `${claim.from} sent no probes`);
    const isMeant = chooser(record, claim);
    const sent = record.probes.filter((probe) => isMeant(probe) && isInside(probe.sentNs / NS, claim.while));
    const complete = isComplete(record, claim.while);
    if (sent.length === 0) return nothing("inconclusive", "no such probe was sent");
    if ((claim.percent.atLeast ?? 0) > 0 && neverAnswered(record, claim))
      return nothing("inconclusive", `${inWords(claim)} was never answered in this run`);
    const lost = sent.filter(({ outcome }) => outcome !== "answered");
    const notSent = lost.filter(({ outcome }) => outcome === "not-sent").length;
    const percent = (100 * lost.length) / sent.length;
    return unlessCovered(
      {
        result: resultOf(percent, claim.percent, { complete, grows: false }),
        measured: `${inPercent(percent)}: of ${sent.length} probes ${lost.length - notSent} had no answer, ${notSent} could not be sent`,
        value: percent,
        unit: "%",
        evidence: lost.slice(0, MOST_EVIDENCE).map(({ sentNs, source, outcome, reason }) => ({
          atS: sentNs / NS,
          text: `${source}: ${outcome}${reason === null ? "" : ` (${reason})`}, sent at ${inSeconds(sentNs / NS)}`,
        })),
      },
      missingProbes(record, claim, claim.while),
    );
  },
};
