import { ExitCode } from "../../core/model/errors.ts";
import type { SeenNode } from "../../app/agents/node.ts";
import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { findLab, findNodes } from "./find-lab.ts";
import { count, flag, text, words, type Input, type Outcome } from "./input.ts";

/** `mhlab logs`. */
export const logsCommand: CommandDefinition = {
  path: ["logs"],
  group: "Look inside",
  summary: "show the output of a lab's nodes",
  description:
    "Prints the output of providers, CPEs, hosts, the bundled internet or the keeper: each node's agent and its daemons. Lines of several nodes are sorted by time and prefixed with the node's name. By default: all nodes of the lab.",
  arguments: [
    { usage: "[name...]", description: "providers, CPEs or hosts, `internet` or `keeper`; by default all" },
  ],
  options: [
    { flags: "-f, --follow", description: "keep printing new lines" },
    { flags: "--tail <lines>", description: "only the last lines of each node" },
    {
      flags: "--since <time>",
      description: "only lines since then: 10m for ten minutes ago, or a time such as 2026-11-24T16:00:00Z",
    },
    {
      flags: "--lab <name>",
      description: "the lab; among several, by default that of this folder's lab.yaml",
    },
  ],
  examples: [
    ["logs alpha", "everything since its container was created"],
    ["logs alpha -f --tail 20", "the last lines, and new ones"],
    ["logs --since 5m", "all nodes' output of the last five minutes, by time"],
    ["logs alpha home -f", "a provider and the CPE, side by side"],
  ],
  next: ["status", "exec <name> -- <command>"],
  run: runLogs,
};

async function runLogs(context: Context, input: Input): Promise<Outcome> {
  const tail = count(input, "tail", { flag: "--tail", min: 0, max: 1_000_000 }) ?? -1;
  const since = await sinceOf(text(input, "since"));
  const [{ readLogs }, { logLines }, nodes] = await Promise.all([
    import("../../app/logs.ts"),
    import("../views/log-lines.ts"),
    chosen(context, input),
  ]);
  const { stdout, signal } = context;
  const write = logLines(
    nodes.map(({ name }) => name),
    stdout,
  );
  try {
    await readLogs(nodes, { tail, follow: flag(input, "follow"), since, signal, onLine: write });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { exitCode: ExitCode.ok };
}

/** Those that are named, else all of the lab. */
async function chosen(context: Context, input: Input): Promise<readonly SeenNode[]> {
  const names = words(input, 0);
  const lab = text(input, "lab");
  if (names.length > 0) return await findNodes(context, { names, lab });
  return (await findLab(context, await context.engines(), lab)).nodes;
}

/** A duration or a time as seconds since 1970. Throws UsageError. */
async function sinceOf(given: string | undefined): Promise<string | undefined> {
  if (given === undefined) return undefined;
  const { parseDuration } = await import("../../core/model/values/units.ts");
  const ago = parseDuration(given);
  // A lone number would be taken for a year.
  const time = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(given) : Number.NaN;
  const atMs = ago === undefined ? time : Date.now() - ago * 1000;
  if (!Number.isNaN(atMs) && atMs >= 0) return (atMs / 1000).toFixed(3);
  const { UsageError } = await import("../../core/model/errors.ts");
  throw new UsageError(`--since is '${given}'`, {
    hint: "how long ago, such as 90s, 10m or 2h, or a time such as 2026-11-24T16:00:00Z",
  });
}
