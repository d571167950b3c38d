import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { span } from "./words.ts";

/** What a run was, in pairs of name and value: for the head of a report. */
export function aboutRun(record: RunRecord): [name: string, value: string][] {
  const { scenario, lab, durationS, variables, partial, machine } = record;
  const { everyMs, targets } = scenario.probes;
  return [
    ["Lab", lab],
    ...Object.entries(variables),
    ["About", scenario.source ?? ""],
    ["Begun", startOf(record)],
    ["Lasted", partial ? `${span(durationS)}, cut short` : span(durationS)],
    ["Probes", `every ${everyMs} ms to ${targets.join(", ")}`],
    ["Inherited", inheritedText(record)],
    ["Seed", String(scenario.seed)],
    ["mhlab", machine.mhlab],
  ].flatMap(([name = "", value = ""]): [string, string][] => (value === "" ? [] : [[name, value]]));
}

/** What was there of before, on one line; empty when nothing was. */
function inheritedText({ inherited }: RunRecord): string {
  return inherited.map(({ node, what }) => `${node}: ${what}`).join("; ");
}

/** When it began, to the second. */
export function startOf({ startedAt }: RunRecord): string {
  return startedAt.replace("T", " ").replace(/(?:\.\d+)?Z$/, " UTC");
}
