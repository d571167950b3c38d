/** STUB of the branch `probes`; thrown away at merge. */
import type { FlowPlan, FlowSample, ProbePlan, ProbeSample } from "../../core/experiment/model.ts";
import type { SeenMember } from "../agents/member.ts";

export interface AbsoluteSample extends Omit<ProbeSample, "sentNs" | "receivedNs" | "arrivedNs"> {
  readonly sentNs: bigint;
  readonly receivedNs: bigint | null;
  readonly arrivedNs: bigint | null;
}
export interface AbsoluteFlowSample extends Omit<FlowSample, "atNs"> {
  readonly atNs: bigint;
}
export interface Probing {
  stop(): Promise<{ probes: AbsoluteSample[]; flows: AbsoluteFlowSample[] }>;
}
export async function startProbes(_options: {
  members: readonly SeenMember[];
  internet: SeenMember | null;
  plan: ProbePlan;
  flows: readonly FlowPlan[];
  onSample?: (sample: AbsoluteSample) => void;
  tell?: (sentence: string) => void;
}): Promise<Probing> {
  return { stop: () => Promise.resolve({ probes: [], flows: [] }) };
}
