/** When the steps of a scenario are due, and how long a run of it can take. */
import { parseSpan } from "../values/units.ts";
import type { Claim, Deed, Scenario, Step, StepResult } from "./model.ts";

/** Steps that follow each other; the first is due at its time, the others once the one before is done. */
export interface Chain {
  /** Seconds since t=0. */
  readonly atS: number;
  readonly steps: readonly Step[];
}

/** The chains of a scenario, which run beside each other: each step with a time begins one. */
export function chainsOf(steps: readonly Step[]): Chain[] {
  const chains: { atS: number; steps: Step[] }[] = [];
  for (const step of steps) {
    const last = chains.at(-1);
    if (step.atS !== null || last === undefined) chains.push({ atS: step.atS ?? 0, steps: [step] });
    else last.steps.push(step);
  }
  return chains;
}

/** How long each kind of step may take before it is given up, in seconds; besides what it asks for itself. */
const OWN_LIMIT_S = {
  fault: () => 30,
  heal: () => 30,
  renumber: () => 60,
  restart: () => 120,
  run: ({ limitS }) => limitS + 10,
  copy: () => 60,
  wait: ({ withinS }) => withinS + 5,
  mark: () => 5,
} as const satisfies { readonly [D in Deed["do"]]: (deed: Extract<Deed, { do: D }>) => number };

/** Seconds after which a step is ended. */
export function limitOf(deed: Deed): number {
  return OWN_LIMIT_S[deed.do](deed as never);
}

/** When the last window of time ends that an expectation is about; 0 when none is about one. */
export function lastWindowS(claims: readonly Claim[]): number {
  return Math.max(0, ...claims.map(windowEndS));
}

function windowEndS(claim: Claim): number {
  const end = "while" in claim ? (claim.while?.[1] ?? 0) : 0;
  return claim.claim === "condition" && claim.afterS !== null
    ? Math.max(end, claim.afterS + claim.withinS)
    : end;
}

/** How long a fault is asked to last, in seconds; undefined until it is cleared. */
export function lastsS(deed: Deed): number | undefined {
  const span =
    deed.do === "fault" && deed.options["for"] !== undefined ? parseSpan(deed.options["for"]) : undefined;
  return span === undefined ? undefined : span / 1000;
}

/** When a run is over as things stand: all is done and was seen for a while, every fault had its time, and every expectation its window. */
export function endS({ steps, expect, settleS }: Scenario, results: readonly StepResult[]): number {
  const known = new Map(results.map((one) => [one.id, one]));
  const ends = steps.map((step) => {
    const result = known.get(step.id);
    if (result?.outcome === "not-reached" || result?.outcome === "unsupported") return 0;
    const startS = result?.startedS ?? step.atS ?? 0;
    const doneS = result?.endedS ?? startS;
    return Math.max(doneS + settleS, startS + (lastsS(step) ?? 0) + settleS);
  });
  return Math.max(settleS, lastWindowS(expect.map(({ claim }) => claim)), ...ends);
}
