/** Comma-separated values as RFC 4180 has them: CRLF, quotes where they are needed, a quote within quotes doubled. */

/** One line with its end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quoted).join(",")}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A row, and the line of the file on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A file that is none. */
export class NoCsv extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.name = "NoCsv";
    this.line = line;
  }
}

/** Reads all rows; lines may also end with LF alone. Throws NoCsv with the line. */
export function* readCsv(text: string): Generator<CsvRow> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row: CsvRow & { cells: string[] } = { line, cells: [] };
    for (;;) {
      const found = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
      if (found === undefined || !endsAt(text, found.end))
        throw new NoCsv(line, "a quote is not closed, or stands within a cell");
      const { cell, end } = found;
      row.cells.push(cell);
      line += cell.split("\n").length - 1;
      at = end;
      if (text[at] !== ",") break;
      at += 1;
    }
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line += 1;
    yield row;
  }
}

/** A cell as it is meant, and the place after it. A regular expression that matches it would run out of stack on a long one. */
interface Cell {
  readonly cell: string;
  readonly end: number;
}

function quotedCell(text: string, at: number): Cell | undefined {
  let end = at + 1;
  for (;;) {
    const quote = text.indexOf('"', end);
    if (quote === -1) return undefined;
    if (text[quote + 1] !== '"')
      return { cell: text.slice(at + 1, quote).replaceAll('""', '"'), end: quote + 1 };
    end = quote + 2;
  }
}

const END = /[",\r\n]/g;

function plainCell(text: string, at: number): Cell {
  END.lastIndex = at;
  const end = END.exec(text)?.index ?? text.length;
  return { cell: text.slice(at, end), end };
}

/** Whether a cell may end there: before a comma, the end of a line, or that of the file. */
function endsAt(text: string, at: number): boolean {
  return at >= text.length || text[at] === "," || text[at] === "\n" || text.startsWith("\r\n", at);
}
