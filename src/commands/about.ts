import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";

/** `mhlab schema` and `mhlab version`. */
export const aboutCommands: readonly CommandDefinition[] = [
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
