import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { findNode } from "./find-lab.ts";
import { text, word, type Input, type Outcome } from "./input.ts";

/** `mhlab shell`. */
export const shellCommand: CommandDefinition = {
  path: ["shell"],
  group: "Look inside",
  summary: "open a shell inside a node",
  description:
    "Opens a shell in the container of a provider, CPE, host or the bundled internet. Its prompt names the lab and the node. Leave it with `exit`; its exit code is the shell's.",
  arguments: [{ usage: "<name>", description: "a provider, CPE or host, `internet` or `keeper`" }],
  options: [
    {
      flags: "--lab <name>",
      description: "the lab; among several, by default that of this folder's lab.yaml",
    },
  ],
  examples: [
    ["shell alpha", "inside the BNG of the provider alpha"],
    ["shell home-host1", "where a user of the network is"],
  ],
  next: ["exec <name> -- <command>", "capture <provider>"],
  run: runShell,
};

async function runShell(context: Context, input: Input): Promise<Outcome> {
  if (!context.stdinIsTTY || !context.stdout.isTTY) {
    const { UsageError } = await import("../../core/model/errors.ts");
    throw new UsageError("a shell needs a terminal, and this is none", {
      hint: `for a script: ${context.self} exec ${word(input, 0) ?? "<name>"} -- sh -c '…'`,
    });
  }
  const name = word(input, 0) ?? "";
  const node = await findNode(context, { name, lab: text(input, "lab") });
  const prompt = `${node.lab}/${node.name}`;
  // bash's prompt shows the folder as it changes; the environment is not enough, because bashrc files set PS1 anew.
  const argv = ["env", `PS1=${prompt}:\\w\\$ `, "bash", "--norc", "--noprofile"];
  return { exitCode: await node.interactive(argv) };
}
