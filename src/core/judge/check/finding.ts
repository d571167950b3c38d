import type { Facts } from "./facts.ts";
import type { Packet } from "./packets.ts";
import type { Observation } from "./requirement.ts";
import type { Evidence, Observed, VerdictName } from "./verdict.ts";

/** When a requirement is looked at, in seconds since t=0. */
export interface Window {
  readonly fromS: number;
  readonly toS: number;
}

/** What came of the evaluation of one requirement. */
export interface Finding {
  readonly verdict: VerdictName;
  readonly reason: string;
  readonly samples: number;
  readonly violations: number;
  readonly observed: readonly Observed[];
  readonly evidence: readonly Evidence[];
}

/** Where a step began and ended, by its id. */
export type StepTimes = ReadonlyMap<string, { readonly startedS: number; readonly endedS: number }>;

/** So many frames are named of each verdict. */
const MOST_EVIDENCE = 10;

/** What a rule is judged by. */
export interface Looking {
  readonly matching: (observation: Observation, window?: Window) => Packet[];
  readonly facts: Facts;
  readonly window: Window;
  readonly steps: StepTimes;
}

/** An observation with how many packets it has. */
export function seen({ side, filter }: Observation, packets: readonly Packet[]): Observed {
  return { side, filter, frames: packets.length };
}

/** A verdict out of samples and those of them that are wrong. */
export function finding(
  samples: readonly Packet[],
  wrong: readonly Packet[],
  observed: readonly Observed[],
  failure: string,
  proof: readonly Packet[] = samples,
): Finding {
  const verdict = samples.length === 0 ? "inconclusive" : wrong.length > 0 ? "fail" : "pass";
  const reasons = {
    pass: `${samples.length} packets as required`,
    fail: failure,
    inconclusive: "no packet was captured that the verdict could rest on",
  };
  return {
    verdict,
    reason: reasons[verdict],
    samples: samples.length,
    violations: samples.length === 0 ? 0 : wrong.length,
    observed,
    evidence: (verdict === "fail" ? wrong : proof)
      .slice(0, MOST_EVIDENCE)
      .map(({ file, frame, atS }) => ({ file, frame, atS })),
  };
}
