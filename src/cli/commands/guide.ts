import type { LabFiles } from "../../app/ports/lab-files.ts";
import type { MachineSources } from "../../app/ports/machine.ts";
import type { Prompter } from "../../app/ports/prompter.ts";
import type { Engines } from "../../app/agents/engines.ts";
import type { CommandText, OptionDefinition } from "./command-text.ts";
import type { Input, Outcome } from "./input.ts";

/** What the commands that guide a person need beyond the rest. */
export interface Guide {
  /** Whether a person can be asked: a terminal to type at, and one to read from. */
  readonly interactive: boolean;
  prompter(): Promise<Prompter>;
  /** From where the machine that containers run on can be seen. */
  readonly machine: MachineSources;
  /** The engines that other global options would select. */
  readonly enginesBy: (options: { readonly sandbox?: true; readonly host?: string }) => Promise<Engines>;
  readonly files: LabFiles;
  /** Name of the folder that a file is in. */
  folderOf(file: string): string;
  /** How a lab file refers to the JSON Schema of this mhlab. */
  schemaFor(file: string): string;
  /** Runs another command as if it had been typed; undefined when this mhlab has none of that name. */
  run(path: string, input: Input): Promise<Outcome | undefined>;
  /** All commands of this mhlab. */
  readonly commands: readonly CommandText[];
  /** Options that all of them take. */
  readonly globalOptions: readonly OptionDefinition[];
}
