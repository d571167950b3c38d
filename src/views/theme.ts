import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";

/** The few ways in which text can look; colour is decided once, here. */
export interface Theme {
  readonly colour: boolean;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
  accent(text: string): string;
}

/** A theme with or without colour. */
export function theme(colour: boolean): Theme {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  return {
    colour,
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    warn: (text) => chalk.yellow(text),
    dim: (text) => chalk.dim(text),
    strong: (text) => chalk.bold(text),
    accent: (text) => chalk.cyan(text),
  };
}

/** How many columns a text takes; right for what mhlab prints (no wide characters). */
export function visibleWidth(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** Fills a text up with blanks to a width. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - visibleWidth(text)));
}

/** Removes control characters from text of other programs, so that it cannot steer the terminal. */
export function harmless(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}
