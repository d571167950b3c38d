import { UsageError } from "../../core/model/errors.ts";

/** The words of a command line after commander took them apart. */
export interface Input {
  readonly arguments: readonly (string | readonly string[] | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a command gives back: data for scripts and text for people; the CLI prints one of them. */
export interface Outcome {
  readonly json?: unknown;
  readonly text?: string;
  /** One of ExitCode, or that of a command run elsewhere. */
  readonly exitCode?: number;
}

/** An argument that is one word; undefined when left out. */
export function word(input: Input, index: number): string | undefined {
  const value = input.arguments[index];
  return typeof value === "string" ? value : undefined;
}

/** An argument that takes the rest of the words. */
export function words(input: Input, index: number): readonly string[] {
  const value = input.arguments[index];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Whether a flag was given. */
export function flag(input: Input, name: string): boolean {
  return input.options[name] === true;
}

/** The text of an option; undefined when it was not given. */
export function text(input: Input, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}

/** The values of an option that may be repeated. */
export function list(input: Input, name: string): readonly string[] {
  const value = input.options[name];
  return Array.isArray(value) ? (value as string[]) : [];
}

/** A whole number; throws UsageError when the text is none or out of range. */
export function count(
  input: Input,
  name: string,
  range: { flag: string; min: number; max: number },
): number | undefined {
  const value = text(input, name);
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= range.min && number <= range.max) return number;
  throw new UsageError(`${range.flag} is '${value}'`, {
    hint: `a whole number from ${range.min} to ${range.max}`,
  });
}

/** Whether the result is wanted as JSON. */
export function wantsJson({ options }: Input): boolean {
  return options["json"] === true || options["format"] === "json";
}
