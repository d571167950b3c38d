import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { findNode } from "./find-lab.ts";
import { text, word, words, type Input, type Outcome } from "./input.ts";

/** `mhlab exec`. */
export const execCommand: CommandDefinition = {
  path: ["exec"],
  group: "Look inside",
  summary: "run a command inside a node",
  description:
    "Runs a command in the container of a provider, CPE, host or the bundled internet, on your terminal if you have one. The exit code is the command's.",
  arguments: [
    { usage: "<name>", description: "a provider, CPE or host, `internet` or `keeper`" },
    { usage: "<command...>", description: "the command and its arguments, after --" },
  ],
  options: [
    {
      flags: "--lab <name>",
      description: "the lab; among several, by default that of this folder's lab.yaml",
    },
  ],
  examples: [
    ["exec home-host1 -- ping -c 3 2001:db8::1", "ping the bundled internet from a host"],
    ["exec alpha -- bng status", "the status from the provider's agent"],
    ["exec home -- ip -6 route show table all", "the CPE's source-specific routes"],
    ["exec alpha -- sh", "a shell"],
  ],
  passThrough: true,
  run: runExec,
};

async function runExec(context: Context, input: Input): Promise<Outcome> {
  const argv = words(input, 1).filter((one, index) => index > 0 || one !== "--");
  const node = await findNode(context, {
    name: word(input, 0) ?? "",
    lab: text(input, "lab"),
  });
  const terminal = context.stdinIsTTY && context.stdout.isTTY;
  return { exitCode: terminal ? await node.interactive(argv) : await node.piped(argv) };
}
