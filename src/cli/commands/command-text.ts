export const COMMAND_GROUPS = [
  "Labs",
  "Faults",
  "Experiments",
  "Look inside",
  "Engine and images",
  "More",
] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface ArgumentDefinition {
  /** In commander's notation: `<name>`, `[name]`, `[name...]`. */
  readonly usage: string;
  readonly description: string;
  /** The words that it can be; left out where it can be any. */
  readonly choices?: readonly string[];
  /** What it can be after the arguments before it; looked up when somebody completes it. */
  readonly after?: (operands: readonly string[]) => Promise<readonly string[]>;
}

export interface OptionDefinition {
  /** In commander's notation: `-f, --follow`, `--tail <n>`, `--provider <name...>`. */
  readonly flags: string;
  readonly description: string;
  readonly default?: string;
  readonly choices?: readonly string[];
}

/** One command in words: help, documentation and completion come from it. */
export interface CommandText {
  /** Words after `mhlab`. */
  readonly path: readonly string[];
  readonly group: CommandGroup;
  readonly summary: string;
  /** More than the summary, for the command's own help. */
  readonly description: string;
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  /** Command lines without `mhlab`, and what they are for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  /** Where to go from here. */
  readonly next?: readonly string[];
  /** False when it asks no engine: hints then name it without the option that selects one. */
  readonly asksEngine?: false;
  /** Everything after the first argument belongs to another program. */
  readonly passThrough?: boolean;
}

/** The lab file of a command; most take the one of this folder when none is named. */
export const LAB_FILE_ARGUMENT: ArgumentDefinition = {
  usage: "[lab.yaml]",
  description: "the lab file; by default this folder's lab.yaml",
};

/** Options of commands whose result can be had as JSON. */
export const FORMAT_OPTIONS: readonly OptionDefinition[] = [
  {
    flags: "--format <format>",
    description: "the output format",
    choices: ["table", "json"],
    default: "table",
  },
  { flags: "--json", description: "short for --format json" },
];
