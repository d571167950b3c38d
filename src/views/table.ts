import { padTo, visibleWidth, type Theme } from "./theme.ts";

/** Lays rows out in columns without borders, as kubectl does; headings are dim. */
export function renderTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  theme: Theme,
): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(visibleWidth(heading), ...rows.map((row) => visibleWidth(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => padTo(cell, widths[column] ?? 0))
      .join("   ")
      .trimEnd();
  return [theme.dim(line(headings)), ...rows.map(line)];
}
