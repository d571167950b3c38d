import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";

/** What a view draws for. */
export interface View {
  readonly colour: boolean;
  /** Width to keep to; undefined when nobody reads it on a terminal. */
  readonly columns?: number | undefined;
  /** Commands of mhlab in a text as the user has to type them, for the same engine. */
  readonly asCalled?: ((text: string) => string) | undefined;
}

/** A view of what has times. */
export interface TimedView extends View {
  /** The time at which it is looked at, in milliseconds since 1970; left out: now. */
  readonly nowMs?: number | undefined;
}

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

/** What moves a cursor, breaks a line or turns the direction of writing: C0, DEL, C1, separators, bidirectional controls. */
const STEERING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** A text of other programs as one line that cannot steer the terminal: no control character is left in it. */
export function harmless(text: string): string {
  // Nearly all are, and a status has many of them.
  if (text.search(STEERING) < 0) return text;
  return stripVTControlCharacters(text)
    .replaceAll("\t", "    ")
    .replaceAll(/\s*[\r\n]\s*/g, " ")
    .replaceAll(STEERING, "\uFFFD");
}

/** The same of a text of several lines: line ends are all that stays. */
export function harmlessLines(text: string): string {
  return text.split("\n").map(harmless).join("\n");
}

/** A value with every text in it made harmless, keys included. What a view shows of others goes through here first. */
export function harmlessAll<T>(value: T): T {
  return mapTexts(value, harmless);
}

/** The same, with mhlab's commands in it as the user has to type them. */
export function shownAll<T>(value: T, { asCalled }: Pick<View, "asCalled">): T {
  return mapTexts(value, asCalled === undefined ? harmless : (text) => asCalled(harmless(text)));
}

/** Nearly all texts stay as they are, and with them what they are in: a copy is made only of what changes. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === "string") return change(value) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => mapTexts(item, change));
    return items.every((item, index) => item === value[index]) ? value : (items as T);
  }
  const entries = Object.entries(value);
  let same = true;
  for (const entry of entries) {
    const [key, item]: [string, unknown] = entry;
    entry[0] = change(key);
    entry[1] = mapTexts(item, change);
    same &&= entry[0] === key && entry[1] === item;
  }
  return same ? value : (Object.fromEntries(entries) as T);
}

/** JSON whose text cannot steer a terminal either; it means the same. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    /[\u007F-\u009F\u2028\u2029\p{Bidi_Control}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
