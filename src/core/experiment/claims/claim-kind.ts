import type { Bounds, Claim, RunRecord, StepResult, Verdict } from "../model.ts";
import { isWithin } from "../figures.ts";

/** A record before anything follows from it. */
export type Unjudged = Omit<RunRecord, "verdicts" | "outages" | "probing">;

/** A record before its verdicts, with what follows from its probes. */
export type Judged = Unjudged & Pick<RunRecord, "outages" | "probing">;

/** What was measured for a claim, and whether it is so. */
export interface Finding extends Pick<Verdict, "measured" | "value" | "unit" | "evidence"> {
  readonly result: "passed" | "failed" | "unsupported" | "inconclusive";
}

/** One kind of claim: how it is told, and how it is judged. */
export interface ClaimKind<C extends Claim> {
  text(claim: C): string;
  /** `id` is that of the expectation. */
  judge(claim: C, record: Judged, id: string): Finding;
}

/** The claims of one kind. */
export type Of<K extends Claim["claim"]> = Extract<Claim, { claim: K }>;

/** So many moments are shown of what there are. */
export const MOST_EVIDENCE = 5;

/** A claim of which the record says nothing. */
export function nothing(result: "unsupported" | "inconclusive", why: string): Finding {
  return { result, measured: why, value: null, unit: null, evidence: [] };
}

/** A finding that is not a pass although nothing speaks against it: the record does not cover it. Other findings stay. */
export function unlessCovered(finding: Finding, missing: readonly string[]): Finding {
  const [first] = missing;
  if (finding.result !== "passed" || first === undefined) return finding;
  const more = missing.length === 1 ? "" : ` (and ${missing.length - 1} more)`;
  return { ...finding, result: "inconclusive", measured: `${first}${more}; otherwise ${finding.measured}` };
}

/** Whether the run went on to the end of a window, or of all that was planned. */
export function isComplete(
  { partial, durationS }: Judged,
  window: readonly [number, number] | null,
): boolean {
  return window === null ? !partial : durationS >= window[1];
}

/**
 * Whether a figure is within its limit. Of a run that ended early only what time cannot mend is judged: a figure that grows
 * and is too large already.
 */
export function resultOf(
  value: number,
  limits: Bounds,
  { complete, grows }: { readonly complete: boolean; readonly grows: boolean },
): Finding["result"] {
  if (complete) return isWithin(value, limits) ? "passed" : "failed";
  const tooMuch = limits.atMost !== null && value > limits.atMost;
  return grows && tooMuch ? "failed" : "inconclusive";
}

/** When a step took hold, in seconds: asking for a fault takes time, and the provider tells from when on it was in force. */
export function heldFromS({ bands }: Pick<Judged, "bands">, { faultId, startedS }: StepResult): number {
  return bands.find(({ kind, id }) => kind === "fault" && id === faultId)?.fromS ?? startedS;
}

/** A step, and when it took hold, in seconds; or why nothing follows from it. */
export function beginningOf(
  { steps, bands }: Judged,
  id: string,
): { readonly step: StepResult; readonly fromS: number } | { readonly missing: Finding } {
  const step = steps.find((one) => one.id === id);
  if (step === undefined || step.outcome === "not-reached")
    return { missing: nothing("inconclusive", `the step ${id} was not reached`) };
  if (step.outcome === "unsupported")
    return {
      missing: nothing(
        "unsupported",
        `the step ${id} cannot be done here${step.detail === null ? "" : `: ${step.detail}`}`,
      ),
    };
  return { step, fromS: heldFromS({ bands }, step) };
}
