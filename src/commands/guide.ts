import type { LabFiles, Machine, Prompter } from "../app/init-ports.ts";
import type { Engine } from "./context.ts";
import type { CommandDefinition, OptionDefinition } from "./definition.ts";

/** What the commands that guide a person need beyond the rest. */
export interface Guide {
  /** Whether a person can be asked: a terminal to type at, and one to read from. */
  readonly interactive: boolean;
  prompter(): Promise<Prompter>;
  readonly machine: Machine;
  /** The engine that other global options would select. */
  readonly engineBy: (options: { readonly sandbox?: true; readonly host?: string }) => Promise<Engine>;
  readonly files: LabFiles;
  /** Name of the folder that a file is in. */
  folderOf(file: string): string;
  /** How a lab file refers to the JSON Schema of this mhlab. */
  schemaFor(file: string): string;
  /** All commands of this mhlab. */
  readonly commands: readonly CommandDefinition[];
  /** Options that all of them take. */
  readonly globalOptions: readonly OptionDefinition[];
}
