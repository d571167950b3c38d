import { inBits, inBounds, isWithin } from "../figures.ts";
import { beginningOf, nothing, type ClaimKind, type Of } from "./claim-kind.ts";

/** The rate that iperf3 measured. */
export const throughput: ClaimKind<Of<"throughput">> = {
  text: ({ file, bitsPerS }) => `the throughput in ${file} is ${inBounds(bitsPerS, inBits)}`,
  judge({ file, bitsPerS }, record) {
    const plan = record.scenario.steps.find((step) => step.do === "run" && step.save === file);
    const begun = plan === undefined ? undefined : beginningOf(record, plan.id);
    if (begun !== undefined && "missing" in begun) return begun.missing;
    const rate = record.throughputs?.[file];
    if (rate === undefined)
      return {
        ...nothing("inconclusive", `${file} has no rate`),
        result: begun?.step.outcome === "failed" ? "failed" : "inconclusive",
      };
    return {
      result: isWithin(rate, bitsPerS) ? "passed" : "failed",
      measured: inBits(rate),
      value: rate,
      unit: "bit/s",
      evidence: begun === undefined ? [] : [{ atS: begun.step.startedS, text: begun.step.text }],
    };
  },
};
