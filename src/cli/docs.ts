import type { OptionDefinition } from "./commands/command-text.ts";
import type { CommandDefinition } from "./commands/definition.ts";

/** The pages of docs/commands by file name, made from the command definitions. */
export function commandPages(definitions: readonly CommandDefinition[]): Map<string, string> {
  return new Map([
    ["README.md", indexPage(definitions)],
    ...definitions.map((definition) => [pageName(definition), commandPage(definition)] as const),
  ]);
}

function pageName({ path }: CommandDefinition): string {
  return `${path.join("-")}.md`;
}

function indexPage(definitions: readonly CommandDefinition[]): string {
  const rows = definitions.map(
    (definition) =>
      `| [\`mhlab ${definition.path.join(" ")}\`](${pageName(definition)}) | ${definition.summary} |`,
  );
  return [
    "# Commands",
    "",
    "Made from the program by `mhlab`'s own definitions; the same text is in `mhlab <command> --help`.",
    "Before or after every command: `--sandbox` (or `MHLAB_SANDBOX=1`), `-H, --host <address>` (or `DOCKER_HOST`), `--context <name>` (or `DOCKER_CONTEXT`), `--no-color` (or `NO_COLOR=1`), `-v, --verbose` (or `MHLAB_VERBOSE=1`).",
    "",
    "`-v` tells on standard error of each request to the Docker engine: its method and path, the status of its answer and how long it took; of a stream also when it begins. It tells nothing that a request or an answer contains: no key, no command and no query. Progress comes as lines then, and a failure shows its stack.",
    "",
    "| command | what it does |",
    "| --- | --- |",
    ...rows,
    "",
    "Exit codes: 0 fine, 1 failed, 2 the input is wrong, 3 the host lacks something, 4 locked or not as expected, 5 degraded (`status`, `up`), 127 cannot be done here (`run`), 130 interrupted.",
    "",
  ].join("\n");
}

function commandPage(definition: CommandDefinition): string {
  const { path, description, examples, options = [], next = [] } = definition;
  const words = (definition.arguments ?? []).map(({ usage }) => ` ${usage}`).join("");
  return [
    `# mhlab ${path.join(" ")}`,
    "",
    description,
    "",
    "```",
    `mhlab ${path.join(" ")}${options.length > 0 ? " [options]" : ""}${words}`,
    "```",
    "",
    ...(definition.arguments ?? []).map((one) => `- \`${one.usage}\`: ${one.description}`),
    ...((definition.arguments ?? []).length > 0 ? [""] : []),
    ...optionTable(options),
    "## Examples",
    "",
    ...examples.flatMap(([line, purpose]) => [`- \`mhlab ${line}\`: ${purpose}`]),
    "",
    ...(next.length === 0 ? [] : ["## Next", "", ...next.map((line) => `- \`mhlab ${line}\``), ""]),
  ].join("\n");
}

function optionTable(options: readonly OptionDefinition[]): string[] {
  if (options.length === 0) return [];
  const rows = options.map(({ flags, description, choices, default: otherwise }) => {
    const details = [
      description,
      ...(choices === undefined ? [] : [`one of ${choices.join(", ")}`]),
      ...(otherwise === undefined ? [] : [`default ${otherwise}`]),
    ];
    return `| \`${flags}\` | ${details.join("; ")} |`;
  });
  return ["| option | meaning |", "| --- | --- |", ...rows, ""];
}
