import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { words } from "./input.ts";

/** `mhlab help`, `mhlab schema` and `mhlab version`. */
export const aboutCommands: readonly CommandDefinition[] = [
  {
    path: ["help"],
    asksEngine: false,
    group: "More",
    summary: "the help of a command, or of all",
    description: "Prints what `mhlab <command> --help` prints; without a command, the list of commands.",
    arguments: [{ usage: "[command...]", description: "the command" }],
    examples: [
      ["help", "all commands"],
      ["help up", "one"],
      ["help keys rotate", "one of a group"],
    ],
    async run(context, input) {
      return { text: await context.help(words(input, 0)) };
    },
  },
  {
    path: ["schema"],
    asksEngine: false,
    group: "More",
    summary: "print the JSON Schema of lab files",
    description: "Prints the JSON Schema that editors use to complete and check lab files.",
    examples: [["schema > lab.schema.json", "for your editor"]],
    async run(context) {
      return { text: `${JSON.stringify(await context.labSchema(), null, 2)}\n` };
    },
  },
  {
    path: ["version"],
    asksEngine: false,
    group: "More",
    summary: "print the version of mhlab",
    description: "Prints the versions of mhlab and Node, and the platform.",
    options: FORMAT_OPTIONS,
    examples: [["version --json", "for bug reports"]],
    async run({ version }) {
      const { platform, arch } = process;
      const node = process.versions.node;
      return {
        json: { version, node, platform, arch },
        text: `mhlab ${version} (Node ${node}, ${platform} ${arch})\n`,
      };
    },
  },
];
