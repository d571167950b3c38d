import { ExitCode } from "../../core/model/errors.ts";
import { viewOn, type Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { dated } from "./dated.ts";
import { findLab } from "./find-lab.ts";
import { flag, wantsJson, word, type Input, type Outcome } from "./input.ts";

/** `mhlab status`. */
export const statusCommand: CommandDefinition = {
  path: ["status"],
  group: "Labs",
  summary: "what every provider and CPE really does",
  description:
    "Shows every provider's tunnel, handshake and round-trip time, its delegated prefixes with lifetimes and routes; and every CPE's default routers, prefixes, and whether each source reaches the internet. Exit code 5 if the lab is not healthy.",
  arguments: [
    {
      usage: "[lab]",
      description:
        "a lab file or a lab's name; by default the running one; among several, that of this folder's lab.yaml, or one line for each",
    },
  ],
  options: [
    {
      flags: "--watch [seconds]",
      description: "update at every change, and every second by default",
    },
    { flags: "--all", description: "show all delegations" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["status", "the only running lab"],
    ["status --watch", "live"],
    ["status --json | jq '.providers[].delegations'", "for scripts"],
    ["status --watch --json", "one JSON object per line, with its time as `at`"],
    ["schema status", "the JSON's schema; docs/status.md explains every field"],
  ],
  next: ["logs <name>", "exec <name> -- <command>"],
  run: runStatus,
};

async function runStatus(context: Context, input: Input): Promise<Outcome> {
  if (input.options["watch"] !== undefined) {
    const { watchStatus } = await import("./status-watch.ts");
    return await watchStatus(context, input);
  }
  const [{ labStatus }, engines, view] = await Promise.all([
    import("../../app/status.ts"),
    context.engines(),
    wantsJson(input) ? undefined : import("../views/status.ts"),
  ]);
  if (word(input, 0) === undefined) {
    const { statusOfAll } = await import("./status-all.ts");
    const all = await statusOfAll(context, engines);
    if (all !== undefined) return all;
  }
  const found = await findLab(context, engines, word(input, 0));
  const status = await labStatus({ ...found, signal: context.signal });
  return {
    json: dated(status),
    text:
      view === undefined
        ? ""
        : view.renderStatus(status, { ...viewOn(context.stdout), all: flag(input, "all") }),
    exitCode: status.healthy ? ExitCode.ok : ExitCode.degraded,
  };
}
