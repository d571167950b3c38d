import type { Expectation, RunRecord } from "../../experiment/model.ts";

/** When an expectation looks, in seconds; null: over the whole run, or at a step that was not reached. */
export function windowOf({ steps }: RunRecord, { claim }: Expectation): readonly [number, number] | null {
  if ("while" in claim && claim.while !== null) return claim.while;
  if (claim.claim !== "condition") return null;
  const step = steps.find(({ id, outcome }) => id === claim.afterStep && outcome !== "not-reached");
  const afterS = step?.startedS ?? claim.afterS;
  return afterS === null ? null : [afterS, afterS + claim.withinS];
}

/** What a measured value may be at most and at least, in its unit. */
export function limitsOf({ claim }: Expectation): {
  readonly atLeast: number | null;
  readonly atMost: number | null;
} {
  if (claim.claim === "condition")
    return { atLeast: null, atMost: claim.while === null ? claim.withinS : null };
  if ("seconds" in claim) return claim.seconds;
  if ("count" in claim) return claim.count;
  if ("percent" in claim) return claim.percent;
  if ("bitsPerS" in claim) return claim.bitsPerS;
  return ("stallS" in claim ? claim.stallS : null) ?? { atLeast: null, atMost: null };
}

export function expectationOf(record: RunRecord, id: string): Expectation | undefined {
  return record.scenario.expect.find((one) => one.id === id);
}

/** One of eight colours for each provider, in the order of the lab; none for who is no provider. */
export function colourOf({ providers }: Pick<RunRecord, "providers">, provider: string | null): string {
  const index = provider === null ? -1 : providers.indexOf(provider);
  return index === -1 ? "p-none" : `p${index % 8}`;
}
