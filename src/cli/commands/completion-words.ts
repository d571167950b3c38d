/** What can follow a half-typed command line, worked out from the command definitions. */
import type { CommandText, OptionDefinition } from "./command-text.ts";

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Values that depend on what is there. */
export type ValueKind = "files" | "labs" | "labs-or-files" | "nodes" | "none";

/** What the last word of a command line can become. */
export interface Wanted {
  readonly candidates: readonly Candidate[];
  /** More candidates, to be looked up. */
  readonly values: ValueKind;
  /** More of them, that depend on the words before. */
  readonly after: (() => Promise<readonly string[]>) | undefined;
  /** What every looked-up value is preceded by, as in `--lab=`. */
  readonly before: string;
  /** The lab file that was named further left. */
  readonly file: string | undefined;
  /** The lab that was named further left by --lab. */
  readonly lab: string | undefined;
  /** The engine that was named further left. */
  readonly engine: { readonly sandbox?: true; readonly host?: string };
}

export interface Grammar {
  readonly commands: readonly CommandText[];
  readonly globalOptions: readonly OptionDefinition[];
}

/** Values by what stands between the brackets of an argument or option; `path` decides where two commands differ. */
function kindOf(usage: string, path: readonly string[]): ValueKind {
  const [, placeholder = ""] = /[<[]([^>\]]+?)(?:\.{3})?[>\]]/.exec(usage) ?? [];
  if (usage.startsWith("--name") && path[0] !== "down") return "none";
  if (usage.startsWith("--lab ")) return "labs";
  if (["lab.yaml", "file"].includes(placeholder)) return "files";
  if (placeholder === "lab") return usage.startsWith("-") ? "labs" : "labs-or-files";
  return ["name", "provider", "node", "fault-or-provider"].includes(placeholder) ? "nodes" : "none";
}

/** Works out what the last of the words after `mhlab` can become. */
export function wantedAt({ commands, globalOptions }: Grammar, words: readonly string[]): Wanted {
  const current = words.at(-1) ?? "";
  const { definition, path, operands, pending, ended, lab, engine } = readWords(
    commands,
    globalOptions,
    words.slice(0, -1),
  );
  const options = [...(definition?.options ?? []), ...globalOptions];
  const file = operands.find((operand) => /\.ya?ml$/i.test(operand));
  const found = (part: Partial<Wanted>): Wanted => ({
    candidates: [],
    values: "none",
    after: undefined,
    before: "",
    file,
    lab,
    engine,
    ...part,
  });
  if (pending !== undefined) return found(valuesOf(pending, path, ""));
  const [, name, equals] = /^(--[a-z-]+)(=)?/.exec(current) ?? [];
  if (!ended && equals !== undefined && name !== undefined) {
    const option = options.find((one) => longOf(one) === name);
    return found(option === undefined ? {} : valuesOf(option, path, `${name}=`));
  }
  if (!ended && current.startsWith("-")) {
    return found({
      candidates: options.map((option) => ({ value: longOf(option), description: option.description })),
    });
  }
  if (definition === undefined) return found({ candidates: subcommands(commands, path) });
  if (path[0] === "help") return found({ candidates: subcommands(commands, operands) });
  const expected = definition.arguments ?? [];
  const last = expected.at(-1);
  const argument = expected[operands.length] ?? (last?.usage.includes("...") === true ? last : undefined);
  if (argument === undefined) return found({});
  return found({
    values: kindOf(argument.usage, path),
    candidates: (argument.choices ?? []).map((value) => ({ value, description: "" })),
    after: argument.after === undefined ? undefined : () => argument.after?.(operands) ?? Promise.resolve([]),
  });
}

interface Read {
  readonly definition: CommandText | undefined;
  readonly path: readonly string[];
  readonly operands: readonly string[];
  /** The option that waits for its value. */
  readonly pending: OptionDefinition | undefined;
  /** Whether `--` came. */
  readonly ended: boolean;
  readonly lab: string | undefined;
  readonly engine: Wanted["engine"];
}

function readWords(
  commands: readonly CommandText[],
  globalOptions: readonly OptionDefinition[],
  words: readonly string[],
): Read {
  let definition: CommandText | undefined;
  let pending: OptionDefinition | undefined;
  let ended = false;
  let lab: string | undefined;
  let engine: Wanted["engine"] = {};
  const path: string[] = [];
  const operands: string[] = [];
  for (const word of words) {
    if (pending !== undefined) {
      if (longOf(pending) === "--lab") lab = word;
      if (longOf(pending) === "--host") engine = { ...engine, host: word };
      pending = undefined;
    } else if (word === "--") {
      ended = true;
    } else if (word.startsWith("-") && !ended) {
      const options = [...(definition?.options ?? []), ...globalOptions];
      const option = options.find(({ flags }) => flags.split(/[ ,]+/).includes(word));
      if (word.startsWith("--lab=")) lab = word.slice("--lab=".length);
      if (option !== undefined && takesValue(option)) pending = option;
      if (word === "--sandbox") engine = { ...engine, sandbox: true };
    } else if (definition === undefined) {
      path.push(word);
      definition = commands.find((one) => one.path.join(" ") === path.join(" "));
    } else {
      operands.push(word);
      ended ||= definition.passThrough === true;
    }
  }
  return { definition, path, operands, pending, ended, lab, engine };
}

function valuesOf(option: OptionDefinition, path: readonly string[], before: string): Partial<Wanted> {
  const candidates = (option.choices ?? []).map((value) => ({ value: `${before}${value}`, description: "" }));
  return {
    candidates,
    before,
    values: kindOf(`${longOf(option)} ${/[<[].*/.exec(option.flags)?.[0] ?? ""}`, path),
  };
}

function subcommands(commands: readonly CommandText[], path: readonly string[]): Candidate[] {
  const below = commands.filter((one) => path.every((word, index) => one.path[index] === word));
  const byWord = new Map<string, Candidate>();
  for (const one of below) {
    const value = one.path[path.length];
    if (value === undefined || byWord.has(value)) continue;
    const leaf = one.path.length === path.length + 1;
    const siblings = below.flatMap(({ path: other }) =>
      other[path.length] === value ? (other[path.length + 1] ?? []) : [],
    );
    byWord.set(value, { value, description: leaf ? one.summary : siblings.join(", ") });
  }
  return [...byWord.values()];
}

function longOf({ flags }: OptionDefinition): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? "";
}

function takesValue({ flags }: OptionDefinition): boolean {
  return /[<[]/.test(flags);
}
