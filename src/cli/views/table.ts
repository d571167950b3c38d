import type { Theme } from "./theme.ts";
import { padTo, visibleWidth, widest, wrap } from "./width.ts";

export interface Column {
  readonly heading: string;
  /** Columns with a rank leave their rows when the table is too wide, the lowest first; those of one rank leave together. */
  readonly rank?: number;
  /** The word before it on the line below its row; left out, that is its heading in small letters. */
  readonly below?: string;
  /** It goes without a trace. */
  readonly detail?: true;
}

export interface TableOptions {
  readonly look: Theme;
  /** Undefined: as wide as it comes. */
  readonly width: number | undefined;
}

const GAP = "   ";
const BELOW = "  ";

/** Lays rows out in columns without borders, as kubectl does. Where that is too wide, cells move to a line below their row. */
export function renderTable(
  columns: readonly (string | Column)[],
  rows: readonly (readonly string[])[],
  { look, width }: TableOptions,
): string[] {
  const all = columns.map((column): Column => (typeof column === "string" ? { heading: column } : column));
  const widths = all.map(({ heading }, index) => {
    const cells = widest(rows.map((row) => row[index] ?? ""));
    // What may leave and is empty everywhere says nothing.
    return cells === 0 && all[index]?.rank !== undefined ? 0 : Math.max(visibleWidth(heading), cells);
  });
  const kept = choose(all, widths, width ?? Infinity);
  const line = (cells: readonly string[]): string =>
    kept
      .filter((index) => widths[index] !== 0)
      .map((index) => padTo(cells[index] ?? "", widths[index] ?? 0))
      .join(GAP)
      .trimEnd();
  const moved = all.flatMap((column, index) =>
    kept.includes(index) || column.detail ? [] : [{ column, index }],
  );
  const body = rows.flatMap((row) => {
    const below = moved
      .filter(({ index }) => (row[index] ?? "") !== "")
      .map(({ column, index }) => [column.below ?? column.heading.toLowerCase(), row[index]].join(" ").trim())
      .join(", ");
    const main = line(row);
    return [
      ...(main === "" && below !== "" ? [] : wrap(main, { width })),
      ...(below === "" ? [] : wrap(below, { width, lead: BELOW })),
    ];
  });
  return [look.dim(line(all.map(({ heading }) => heading))), ...body];
}

/** The columns that stay on the row, by their places. */
function choose(columns: readonly Column[], widths: readonly number[], width: number): number[] {
  let kept = columns.map((_, index) => index);
  const total = (): number =>
    kept.reduce(
      (sum, index) => sum + (widths[index] === 0 ? 0 : (widths[index] ?? 0) + GAP.length),
      -GAP.length,
    );
  while (kept.length > 1 && total() > width) {
    const lowest = Math.min(...kept.map((index) => columns[index]?.rank ?? Infinity));
    kept = lowest === Infinity ? kept.slice(0, -1) : kept.filter((index) => columns[index]?.rank !== lowest);
  }
  return kept;
}
