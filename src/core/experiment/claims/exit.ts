import { beginningOf, nothing, type ClaimKind, type Of } from "./claim-kind.ts";

/** What a command ended with. */
export const exit: ClaimKind<Of<"exit">> = {
  text: ({ step, code }) => `${step} ends with ${code}`,
  judge({ step: id, code }, record) {
    const begun = beginningOf(record, id);
    if ("missing" in begun) return begun.missing;
    const { exitCode, detail, text, startedS, endedS } = begun.step;
    const evidence = [{ atS: endedS ?? startedS, text: detail ?? text }];
    if (exitCode === null)
      return {
        ...nothing("inconclusive", detail ?? "it did not end by itself"),
        result: endedS === null ? "inconclusive" : "failed",
        evidence,
      };
    return {
      result: exitCode === code ? "passed" : "failed",
      measured: `it ended with ${exitCode}`,
      value: exitCode,
      unit: null,
      evidence,
    };
  },
};
