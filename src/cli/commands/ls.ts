import type { LabSummary } from "../../core/render/plan/lab-summary.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { Outcome } from "./input.ts";
import type { CommandDefinition } from "./definition.ts";

/** `mhlab ls`. */
export const lsCommand: CommandDefinition = {
  path: ["ls"],
  group: "Labs",
  summary: "list labs: running, stopped, or with keys only",
  description:
    "Lists the engine's labs with their file and age, and labs of which this machine has only keys. In JSON, `since` is when the oldest container was created, and `state` is `running`, `partly`, `stopped` or `keys`.",
  options: FORMAT_OPTIONS,
  examples: [
    ["ls", "all labs"],
    ["ls --json | jq -r '.labs[] | select(.state == \"keys\").lab'", "those with only keys"],
  ],
  next: ["status <lab>", "down <lab>"],
  run: runLs,
};

/** The keys are a contract. */
function toJson({ sinceS, ...lab }: LabSummary): object {
  return { ...lab, since: sinceS === null ? null : new Date(sinceS * 1000).toISOString() };
}

async function runLs(context: Context): Promise<Outcome> {
  const [{ listLabs }, { renderLabs }, engines, keys] = await Promise.all([
    import("../../app/list-labs.ts"),
    import("../views/labs.ts"),
    context.engines(),
    context.keys(),
  ]);
  const labs = await listLabs(engines, keys, context.signal);
  return {
    json: { labs: labs.map(toJson) },
    text: renderLabs(labs, { ...viewOn(context.stdout), nowS: Date.now() / 1000 }),
  };
}
