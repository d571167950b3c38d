import { ExitCode } from "../core/errors.ts";
import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import type { Outcome } from "./outcome.ts";
import { findMember } from "./find-lab.ts";
import { count, flag, text, word, type Input } from "./input.ts";

/** `mhlab logs`. */
export const logsCommand: CommandDefinition = {
  path: ["logs"],
  group: "Look inside",
  summary: "what a member of the lab says",
  description:
    "Prints the output of a provider, CPE, host, the bundled internet or the keeper of interfaces: its agent and the daemons under it.",
  arguments: [{ usage: "<name>", description: "a provider, CPE or host, `internet` or `keeper`" }],
  options: [
    { flags: "-f, --follow", description: "go on as new lines come" },
    { flags: "--tail <lines>", description: "only the last lines" },
    { flags: "--lab <name>", description: "which lab, when several have that name" },
  ],
  examples: [
    ["logs alpha", "everything since its container was made"],
    ["logs alpha -f --tail 20", "the last lines, and what follows"],
  ],
  next: ["status", "exec <name> -- <command>"],
  run: runLogs,
};

async function runLogs(context: Context, input: Input): Promise<Outcome> {
  const tail = count(input, "tail", { flag: "--tail", min: 0, max: 1_000_000 }) ?? -1;
  const [{ reader }, { harmless }] = await Promise.all([context.engine(), import("../views/theme.ts")]);
  const { id } = await findMember(context, reader, { name: word(input, 0) ?? "", lab: text(input, "lab") });
  try {
    await reader.followLogs(
      id,
      { tail, follow: flag(input, "follow") },
      {
        signal: context.signal,
        onLine: (line) => context.stdout.write(`${harmless(line)}\n`),
      },
    );
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
  return { exitCode: ExitCode.ok };
}
