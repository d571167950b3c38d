import { COMMAND_GROUPS, type OptionDefinition } from "./commands/command-text.ts";
import type { CommandDefinition } from "./commands/definition.ts";
import { GLOBAL_OPTIONS } from "./program.ts";

const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ["0", "fine"],
  ["1", "failed"],
  ["2", "the input is wrong"],
  ["3", "the host lacks something; the hint says what mends it"],
  ["4", "locked, or not as expected"],
  ["5", "status, up: degraded"],
  ["127", "a step or an expectation of a scenario cannot be had here (run)"],
  ["130", "interrupted"],
];

/** The manual page mhlab(1), made from the command definitions. */
export function manPage(definitions: readonly CommandDefinition[]): string {
  const lines = [
    '.\\" Made from the command definitions: npx vitest run -u --project unit test/unit/cli/man.test.ts',
    '.TH MHLAB 1 "" "mhlab" "User Commands"',
    // Names must not be hyphenated, and blanks not stretched.
    ".nh",
    ".ad l",
    ".SH NAME",
    "mhlab \\- several real IPv6 internet providers on one desk",
    ".SH SYNOPSIS",
    ".B mhlab",
    ".RI [ options ]",
    ".I command",
    ".RI [ arguments ]",
    ".SH DESCRIPTION",
    ...paragraph(
      "A lab.yaml lists internet providers. mhlab starts each of them as a container that has a WireGuard tunnel for an uplink, sends router advertisements and delegates prefixes by DHCPv6, so that multihoming can be studied with providers that behave like real ones. With `internet: bundled` no outside connection is needed.",
    ),
    ".SH OPTIONS",
    ...paragraph("Taken by every command, before or after its name:"),
    ...GLOBAL_OPTIONS.flatMap(optionLines),
    ".SH COMMANDS",
    ...COMMAND_GROUPS.flatMap((group) =>
      definitions.filter((definition) => definition.group === group).flatMap(commandLines),
    ),
    ".SH EXIT STATUS",
    ...EXIT_CODES.flatMap(([code, meaning]) => [".TP", `.B ${code}`, escape(meaning)]),
    ".SH ENVIRONMENT",
    ...tagged("MHLAB_SANDBOX", "1: use mhlab's own throw-away engine"),
    ...tagged("DOCKER_HOST", "address of the Docker engine"),
    ...tagged(
      "DOCKER_CONTEXT, DOCKER_CONFIG",
      "docker context to use; folder of the docker command's contexts",
    ),
    ...tagged("NO_COLOR, FORCE_COLOR", "colour, or none"),
    ".SH FILES",
    ...tagged("lab.yaml", "the lab; `mhlab init` makes one, `mhlab schema` prints its JSON Schema"),
    ...tagged("~/.local/state/mhlab", "private keys; they outlive `mhlab down`"),
    ".SH SEE ALSO",
    ".BR wg (8),",
    ".BR docker (1),",
    ".BR bash (1)",
  ];
  return `${lines.join("\n")}\n`;
}

function commandLines(definition: CommandDefinition): string[] {
  const { path, description, options = [], examples } = definition;
  const name = `mhlab ${path.join(" ")}`;
  const words = (definition.arguments ?? []).map(({ usage }) => usage);
  return [
    `.SS ${escape([name, ...words].join(" "))}`,
    ...paragraph(description).slice(1),
    ...(definition.arguments ?? []).flatMap(({ usage, description: meaning }) => [
      ".TP",
      `.I ${escape(usage)}`,
      text(meaning),
    ]),
    ...options.flatMap(optionLines),
    ...examples.flatMap(([line, purpose]) => [".TP", `.B mhlab ${escape(line)}`, text(purpose)]),
  ];
}

function optionLines({ flags, description, choices, default: otherwise }: OptionDefinition): string[] {
  const details = [
    description,
    ...(choices === undefined ? [] : [`one of ${choices.join(", ")}`]),
    ...(otherwise === undefined ? [] : [`default ${otherwise}`]),
  ];
  return [".TP", `.B ${escape(flags)}`, text(details.join("; "))];
}

function tagged(tag: string, meaning: string): string[] {
  return [".TP", `.B ${escape(tag)}`, text(meaning)];
}

function paragraph(words: string): string[] {
  return [".PP", text(words)];
}

/** Running text: a dot or quote at the start of a line would be a request. */
function text(words: string): string {
  return escape(words).replace(/^([.'])/, "\\&$1");
}

/** A text in which nothing is a command of troff, hyphens can be copied, and dumb terminals show all of it. */
function escape(words: string): string {
  return words
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("…", "...")
    .replaceAll("`", "\\(ga")
    .replaceAll("'", "\\(aq")
    .replaceAll('"', "\\(dq")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha");
}
