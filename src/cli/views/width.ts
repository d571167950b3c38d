/** How wide text is on a terminal, and how it is made to fit: escape sequences take no column, wide characters two. */
import truncatedWidth from "fast-string-truncated-width";
import { wrapAnsi } from "fast-wrap-ansi";

/** Narrower than this, text is cut into pieces that nobody can read. */
const NARROWEST = 20;

/** How many columns a text takes. */
export function visibleWidth(text: string): number {
  return truncatedWidth(text).width;
}

/** Fills a text up with blanks to a width. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - visibleWidth(text)));
}

/** The widest of some texts. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, visibleWidth(text)), 0);
}

/** Cuts a text that is wider than a width, and says so by a mark at its end. */
export function cut(text: string, width: number): string {
  const { truncated, index } = truncatedWidth(text, { limit: width, ellipsis: "…", ellipsisWidth: 1 });
  return truncated ? `${text.slice(0, index)}…${text.includes("\u001b[") ? "\u001b[0m" : ""}` : text;
}

export interface Wrapping {
  /** Undefined: as wide as it comes. */
  readonly width: number | undefined;
  /** Before the first line, and before the others; left out, those have as many blanks. */
  readonly lead?: string;
  readonly hang?: string;
}

/** Breaks a text between its words, and where need be in them; what stands in backticks stays on one line if it can. */
export function wrap(
  text: string,
  { width, lead = "", hang = " ".repeat(visibleWidth(lead)) }: Wrapping,
): string[] {
  const room =
    width === undefined
      ? undefined
      : Math.max(NARROWEST, width - Math.max(visibleWidth(lead), visibleWidth(hang)));
  // What fits stays as it is, with all its blanks.
  const fits = room === undefined || visibleWidth(text) <= room;
  const lines = (fits ? text : fill(text, room)).split("\n");
  return lines.map((line, index) => `${index === 0 ? lead : hang}${line}`.trimEnd());
}

function fill(text: string, room: number): string {
  const whole = text.replaceAll(/`[^`\n]+`/g, (quoted) => quoted.replaceAll(" ", "\u00a0"));
  return wrapAnsi(whole, room, { hard: true, trim: true }).replaceAll("\u00a0", " ");
}

/** Breaks a shell command between its words, so that it still can be pasted as it stands. */
export function wrapCommand(command: string, { width, lead = "" }: Wrapping): string[] {
  if (width === undefined || visibleWidth(lead + command) <= width) return [`${lead}${command}`];
  const hang = `${lead}  `;
  const lines: string[] = [];
  let line = lead;
  for (const word of shellWords(command)) {
    const blank = line.trim() === "" ? "" : " ";
    // A backslash is to come.
    if (blank !== "" && visibleWidth(line + blank + word) > width - 2) {
      lines.push(`${line} \\`);
      line = hang + word;
    } else line += blank + word;
  }
  return [...lines, line];
}

/** A line at its blanks, except for those in quotes. */
function shellWords(line: string): string[] {
  return line.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']|["'])+/g) ?? [];
}
