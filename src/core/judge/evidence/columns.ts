/** Tables of a record as CSV files: what each column holds, how it is written and read back. */
import { csvLine, NoCsv, readCsv } from "./csv.ts";

/** One kind of cell. `read` gives undefined for what is none. */
interface Cell<T> {
  readonly kind: string;
  write(value: T): string;
  read(text: string): T | undefined;
}

const NS_PER_S = 1_000_000_000;

/** Seconds with nine digits of nanoseconds, exactly: a float would lose them. */
export function secondsOfNs(ns: number): string {
  const sign = ns < 0 ? "-" : "";
  const whole = Math.trunc(Math.abs(ns) / NS_PER_S);
  const rest = Math.abs(ns) % NS_PER_S;
  return `${sign}${whole}.${String(Math.round(rest)).padStart(9, "0")}`;
}

function nsOfSeconds(text: string): number | undefined {
  const found = /^(-?)(\d{1,6})\.(\d{9})$/.exec(text);
  if (found === null) return undefined;
  const ns = Number(found[2]) * NS_PER_S + Number(found[3]);
  return found[1] === "-" ? -ns : ns;
}

export const text: Cell<string> = { kind: "text", write: (value) => value, read: (cell) => cell };

/** Nanoseconds of the record, as seconds in the file. */
export const ns: Cell<number> = { kind: "seconds", write: secondsOfNs, read: nsOfSeconds };

/** Seconds of the record; kept to the nanosecond. */
export const seconds: Cell<number> = {
  kind: "seconds",
  write: (value) => secondsOfNs(Math.round(value * NS_PER_S)),
  read: (cell) => {
    const found = nsOfSeconds(cell);
    return found === undefined ? undefined : found / NS_PER_S;
  },
};

export const whole: Cell<number> = {
  kind: "integer",
  write: String,
  read: (cell) => (/^\d{1,15}$/.test(cell) ? Number(cell) : undefined),
};

export const number: Cell<number> = {
  kind: "number",
  write: String,
  read: (cell) => (/^-?\d{1,20}(\.\d+)?(e[-+]?\d{1,3})?$/.test(cell) ? Number(cell) : undefined),
};

/** One word of a set. */
export function wordOf<T extends string>(...words: readonly T[]): Cell<T> {
  return {
    kind: words.map((word) => `\`${word}\``).join(", "),
    write: (value) => value,
    read: (cell) => words.find((word) => word === cell),
  };
}

/** The same or null, which is an empty cell. */
export function orEmpty<T>(of: Cell<T>): Cell<T | null> {
  return {
    kind: `${of.kind} or empty`,
    write: (value) => ((value ?? null) === null ? "" : of.write(value as T)),
    read: (cell) => (cell === "" ? null : of.read(cell)),
  };
}

/** What a column is called in the file, what it means, and its cells. */
export interface Column<T> {
  readonly name: string;
  readonly meaning: string;
  readonly cell: Cell<T>;
}

type Columns<Row> = { readonly [Key in keyof Required<Row>]: Column<Row[Key]> };

/** A table: one column for each key of a row, in the order of the file. */
export interface Table<Row> {
  readonly path: string;
  readonly columns: readonly (Column<unknown> & { readonly key: keyof Row & string })[];
}

export function tableOf<Row>(path: string, columns: Columns<Row>): Table<Row> {
  return {
    path,
    columns: Object.entries(columns as Readonly<Record<string, Column<unknown>>>).map(([key, column]) => ({
      ...column,
      key: key as keyof Row & string,
    })),
  };
}

export function writeTable<Row>({ columns }: Table<Row>, rows: readonly Row[]): string {
  const lines = rows.map((row) => csvLine(columns.map(({ key, cell }) => cell.write(row[key]))));
  return [csvLine(columns.map(({ name }) => name)), ...lines].join("");
}

/** The rows of a file, by the names in its head; columns that are not known are passed over. Throws NoCsv with the line. */
export function readTable<Row>({ columns }: Table<Row>, file: string): Row[] {
  const rows = readCsv(file);
  const head = rows.next();
  if (head.done === true) throw new NoCsv(1, "it is empty: even a table without rows has a head");
  const places = columns.map(({ name }) => head.value.cells.indexOf(name));
  const missing = columns.find((_, index) => places[index] === -1);
  if (missing !== undefined) throw new NoCsv(1, `the head has no column ${missing.name}`);
  return [...rows].map(({ line, cells }) => {
    if (cells.length !== head.value.cells.length)
      throw new NoCsv(line, `the row has ${cells.length} cells, the head ${head.value.cells.length}`);
    const entries = columns.map(({ key, name, cell }, index) => {
      const given = cells[places[index] ?? -1] ?? "";
      const value = cell.read(given);
      if (value === undefined)
        throw new NoCsv(line, `${name} is ${JSON.stringify(given.slice(0, 60))}, not ${cell.kind}`);
      return [key, value] as const;
    });
    return Object.fromEntries(entries) as Row;
  });
}
