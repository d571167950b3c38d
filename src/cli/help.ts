import type { CommandDefinition } from "./commands/definition.ts";
import { commandLines } from "./views/command-lines.ts";

/** What `mhlab --help` says after the list of commands; `example` is the path of a lab file that is there. */
export function programHelp(example: string): string {
  return `
Start here, in any folder:
  export MHLAB_SANDBOX=1   for this shell: a throw-away engine of mhlab's own
  mhlab up ${example}
                           two providers and a CPE, offline
  mhlab status             tunnels, prefixes, delegations, what the CPE reaches
  mhlab exec home-host1 -- ping -c 3 2001:db8::1
                           ping the bundled internet from a host of the CPE
  mhlab down               remove it all; keys stay
  mhlab init               a lab file of your own, in a few questions

Every command has its own help: mhlab help up, mhlab up --help
Exit codes: 0 fine, 1 failed, 2 wrong input, 3 the host lacks something,
4 locked or not as expected, 5 degraded, 130 interrupted`;
}

/** What a command's help says after its options: examples and where to go next. */
export function commandHelp({ examples, next }: CommandDefinition, width: number): string {
  const typed = examples.map(([line, purpose]) => [`mhlab ${line}`, purpose] as const);
  const lines = commandLines(typed, { width });
  const further =
    next === undefined || next.length === 0 ? [] : ["", "Next:", ...next.map((line) => `  mhlab ${line}`)];
  return `\nExamples:\n${[...lines, ...further].join("\n")}`;
}
