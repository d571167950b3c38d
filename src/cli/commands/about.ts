import { SCHEMAS } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { word, words } from "./input.ts";

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
    summary: "print the JSON Schema of lab files, scenarios, the status, or checks",
    description:
      "Prints the JSON Schema that editors use to complete and check lab files, with `scenario` that of scenarios, with `status` that of what `mhlab status --json` prints, or with `check` that of check.json.",
    arguments: [
      { usage: "[what]", description: "lab (the default), scenario, status or check", choices: SCHEMAS },
    ],
    examples: [
      ["schema > lab.schema.json", "for your editor"],
      ["schema scenario > scenario.schema.json", "the same for scenarios"],
      ["schema status > status.schema.json", "for programs that read the status"],
    ],
    async run(context, input) {
      const what = word(input, 0) ?? "lab";
      const found = SCHEMAS.find((one) => one === what);
      if (found === undefined) {
        const { UsageError } = await import("../../core/model/errors.ts");
        throw new UsageError(`there is no schema of '${what}'`, { hint: `there are: ${SCHEMAS.join(", ")}` });
      }
      return { text: `${JSON.stringify(await context.schema(found), null, 2)}\n` };
    },
  },
  {
    path: ["version"],
    asksEngine: false,
    group: "More",
    summary: "print the version of mhlab",
    description:
      "Prints the versions of mhlab and Node, the commit that mhlab was built from, and the platform.",
    options: FORMAT_OPTIONS,
    examples: [["version --json", "for bug reports"]],
    async run({ version, commit }) {
      const { platform, arch } = process;
      const node = process.versions.node;
      return {
        json: { version, commit, node, platform, arch },
        text: `mhlab ${version} (${commit === null ? "" : `commit ${commit}, `}Node ${node}, ${platform} ${arch})\n`,
      };
    },
  },
];
