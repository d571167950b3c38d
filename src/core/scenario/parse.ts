/** STUB of the branch `language`; thrown away at merge. */
import { parse } from "yaml";
import type { Diagnostic } from "../diagnostics.ts";
import type { Scenario } from "../experiment/model.ts";
import type { Lab } from "../lab/model.ts";

export interface PlannedRun {
  readonly scenario: Scenario;
  readonly variables: Readonly<Record<string, string>>;
}

export function labPathOf(text: string): string | undefined {
  return (parse(text) as { lab?: string }).lab;
}

export function parseScenario(
  text: string,
  _options: { file: string; variables: Readonly<Record<string, string | undefined>>; lab?: Lab },
): { runs?: PlannedRun[]; diagnostics: Diagnostic[] } {
  const raw = parse(text) as Omit<Partial<Scenario>, "steps"> & { steps?: Record<string, unknown>[] };
  const scenario = {
    name: "x", title: null, source: null, lab: "lab.yaml", seed: 1, flows: [], captures: [], expect: [], settleS: 2,
    probes: { everyMs: 100, targets: ["2001:db8::1"], from: null },
    ...raw,
    steps: (raw.steps ?? []).map((step, index) => ({ id: `steps[${index}]`, atS: step["at"] ?? null, ...step })),
  } as unknown as Scenario;
  return { runs: [{ scenario, variables: {} }], diagnostics: [] };
}
