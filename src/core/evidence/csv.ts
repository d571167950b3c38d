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

const CELL = /"((?:[^"]|"")*)"(?=,|\r?\n|$)|([^",\r\n]*)(?=,|\r?\n|$)/y;

/** Reads all rows; lines may also end with LF alone. Throws NoCsv with the line. */
export function* readCsv(text: string): Generator<CsvRow> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row: CsvRow & { cells: string[] } = { line, cells: [] };
    for (;;) {
      CELL.lastIndex = at;
      const found = CELL.exec(text);
      if (found === null) throw new NoCsv(line, "a quote is not closed, or stands within a cell");
      const [whole, within, plain = ""] = found;
      row.cells.push(within === undefined ? plain : within.replaceAll('""', '"'));
      line += whole.split("\n").length - 1;
      at += whole.length;
      if (text[at] !== ",") break;
      at += 1;
    }
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line += 1;
    yield row;
  }
}
