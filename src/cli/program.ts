import { Command, Option, type CommanderError } from "commander";
import { COMMAND_GROUPS, type OptionDefinition } from "./commands/command-text.ts";
import type { CommandDefinition } from "./commands/definition.ts";
import { UsageError } from "../core/model/errors.ts";
import { suggest } from "../core/model/values/suggest.ts";
import { examplePath } from "./example.ts";
import { commandHelp, programHelp } from "./help.ts";

/** A command line taken apart. */
export interface Invocation {
  readonly definition: CommandDefinition;
  readonly arguments: readonly (string | readonly string[] | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ProgramOptions {
  readonly definitions: readonly CommandDefinition[];
  readonly groupSummaries: Readonly<Record<string, string>>;
  readonly version: string;
  /** Where help goes. */
  readonly write: (text: string) => void;
  readonly columns: number;
}

/** Options that every command takes, before or after its name. */
export const GLOBAL_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--sandbox", description: "use mhlab's own throw-away engine (MHLAB_SANDBOX=1)" },
  { flags: "-H, --host <address>", description: "the Docker engine to use (DOCKER_HOST)" },
  { flags: "--context <name>", description: "the docker context whose engine to use (DOCKER_CONTEXT)" },
  { flags: "--no-color", description: "no colour (NO_COLOR=1)" },
  { flags: "-v, --verbose", description: "tell each request to the engine, and the stack of a failure" },
];

/** Takes a command line apart; undefined when it asked for help or version, which is then written. Throws UsageError. */
export async function parseCommandLine(
  argv: readonly string[],
  options: ProgramOptions,
): Promise<Invocation | undefined> {
  let invocation: Invocation | undefined;
  const program = buildProgram(options, (found) => {
    invocation = found;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!isCommanderError(error)) throw error;
    if (error.exitCode === 0) return undefined;
    if (argv.length === 0) {
      options.write(helpText([], options));
      return undefined;
    }
    throw usageError(error, argv, options.definitions);
  }
  return invocation;
}

/** The help of a command, or without words that of the program. Throws UsageError when there is no such command. */
export function helpText(words: readonly string[], options: Omit<ProgramOptions, "write">): string {
  let text = "";
  const write = (piece: string): void => void (text += piece);
  let command = buildProgram({ ...options, write }, () => undefined);
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined)
      throw unknownCommand(`there is no command \`mhlab ${words.join(" ")}\``, word, command);
    command = next;
  }
  command.outputHelp();
  return text;
}

/** The error for a word that names no command of a group, with the nearest one as hint. */
function unknownCommand(message: string, word: string, { commands }: Command): UsageError {
  const names = commands.map((one) => one.name());
  const near = suggest(word, [...names]);
  return new UsageError(message, {
    hint: near === undefined ? "all commands: mhlab help" : `did you mean ${near}?`,
  });
}

/** Throws UsageError when help is asked of a command that does not exist; commander would print that of the group. */
function refuseUnknown(command: Command): void {
  const word = command.args.find((one) => !one.startsWith("-"));
  if (word === undefined || command.commands.length === 0) return;
  throw unknownCommand(`unknown command '${word}'`, word, command);
}

/** Builds commander's tree from the command definitions. */
function buildProgram(options: ProgramOptions, onInvoke: (invocation: Invocation) => void): Command {
  const program = prepare(new Command("mhlab"), options);
  program.addHelpText("beforeAll", ({ command }) => {
    refuseUnknown(command);
    return "";
  });
  program.version(options.version, "-V, --version", "print the version").enablePositionalOptions();
  program.description("Several IPv6 internet providers on one desk, emulated with real daemons.");
  addOptions(program, GLOBAL_OPTIONS);
  program.addHelpText("after", programHelp(examplePath()));
  for (const group of COMMAND_GROUPS) {
    for (const definition of options.definitions.filter((one) => one.group === group)) {
      const parent = parentOf(program, definition, options);
      const command = prepare(parent.command(definition.path.at(-1) ?? ""), options);
      describe(command, definition, options);
      command.helpGroup(parent === program ? `${group}:` : "Commands:");
      command.action(() => {
        const globals = withoutDefaults(program);
        const own = withoutDefaults(command, new Set((definition.options ?? []).map(({ flags }) => flags)));
        onInvoke({
          definition,
          arguments: command.processedArgs as Invocation["arguments"],
          options: { ...globals, ...own },
        });
      });
    }
  }
  return program;
}

function parentOf(program: Command, { path, group }: CommandDefinition, options: ProgramOptions): Command {
  const [first, ...rest] = path;
  if (rest.length === 0 || first === undefined) return program;
  const existing = program.commands.find((command) => command.name() === first);
  if (existing !== undefined) return existing;
  const parent = prepare(program.command(first), options);
  const summary = options.groupSummaries[first] ?? "";
  parent.summary(summary).description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);
  parent.helpGroup(`${group}:`).enablePositionalOptions();
  return parent;
}

function describe(command: Command, definition: CommandDefinition, options: ProgramOptions): void {
  command.summary(definition.summary).description(definition.description);
  for (const { usage, description } of definition.arguments ?? []) command.argument(usage, description);
  addOptions(command, definition.options ?? []);
  command.optionsGroup("Global options:");
  addOptions(command, GLOBAL_OPTIONS);
  if (definition.passThrough === true) command.passThroughOptions();
  command.addHelpText("after", () => commandHelp(definition, helpWidth(options)));
}

function addOptions(command: Command, definitions: readonly OptionDefinition[]): void {
  for (const { flags, description, default: otherwise, choices } of definitions) {
    const option = new Option(flags, description);
    if (choices !== undefined) option.choices([...choices]);
    if (otherwise !== undefined) option.default(otherwise);
    command.addOption(option);
  }
}

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST_HELP = 100;

function helpWidth({ columns }: ProgramOptions): number {
  return Math.min(columns, WIDEST_HELP);
}

function prepare(command: Command, options: ProgramOptions): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError(true)
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .configureOutput({
      writeOut: options.write,
      writeErr: () => undefined,
      getOutHelpWidth: () => helpWidth(options),
    })
    .configureHelp({
      showGlobalOptions: false,
      subcommandTerm: (sub) =>
        `${sub.name()}${sub.registeredArguments.map((one) => ` ${usageOf(one)}`).join("")}`,
    });
}

function usageOf(argument: { name(): string; required: boolean; variadic: boolean }): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function withoutDefaults(command: Command, keep: ReadonlySet<string> = new Set()): Record<string, unknown> {
  return Object.fromEntries(
    command.options
      .filter(
        (option) => keep.has(option.flags) || command.getOptionValueSource(option.attributeName()) === "cli",
      )
      .map((option) => [option.attributeName(), command.getOptionValue(option.attributeName())] as const)
      .filter(([, value]) => value !== undefined),
  );
}

function isCommanderError(error: unknown): error is CommanderError {
  return (
    error instanceof Error && "exitCode" in error && (error as CommanderError).code.startsWith("commander.")
  );
}

function usageError(
  error: CommanderError,
  argv: readonly string[],
  definitions: readonly CommandDefinition[],
): UsageError {
  if (error.code === "commander.help") {
    const words = argv.filter((word) => !word.startsWith("-"));
    return new UsageError(
      words.length === 0 ? "no command was given" : `\`mhlab ${words.join(" ")}\` needs a subcommand`,
      {
        hint: `see: mhlab ${[...words, "--help"].join(" ")}`,
      },
    );
  }
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = rest
    .join(" ")
    .replace(/^\(|\)$/g, "")
    .replace(/^D/, "d");
  return new UsageError(first, {
    hint:
      suggestion === "" ? `see: mhlab ${[...commandIn(argv, definitions), "--help"].join(" ")}` : suggestion,
  });
}

/** The command that a command line names, as far as that can be told. */
function commandIn(argv: readonly string[], definitions: readonly CommandDefinition[]): readonly string[] {
  const words = argv.filter((word) => !word.startsWith("-"));
  return definitions.find(({ path }) => path.every((word, index) => words[index] === word))?.path ?? [];
}
