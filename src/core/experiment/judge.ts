/** What a run says of what was expected of it. */
import type { Finding } from "./claims/claim-kind.ts";
import { claimText, judgeClaim } from "./claims/registry.ts";
import type { Expectation, RunRecord, Verdict } from "./model.ts";
import { outagesOf } from "./outages.ts";

/** The verdict on each expectation, in their order; the same record has the same verdicts. */
export function judge(record: Omit<RunRecord, "verdicts" | "outages">): Verdict[] {
  const judged = { ...record, outages: outagesOf(record.probes) };
  return record.scenario.expect.map((expectation) => {
    const { id, claim, because } = expectation;
    const { result, ...measured } = judgeClaim(claim, judged, id);
    return { id, text: claimText(claim), because, result: resultFor(expectation, result), ...measured };
  });
}

/** An expected failure that passes is reported, so that the scenario can be corrected. */
function resultFor({ expectedFailure }: Expectation, result: Finding["result"]): Verdict["result"] {
  if (expectedFailure === null) return result;
  if (result === "passed") return "unexpected-pass";
  return result === "failed" ? "expected-failure" : result;
}
