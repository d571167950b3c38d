import { readFileSync } from "node:fs";

/** The rows of a CSV file (RFC 4180) by the names of its head. */
export function rowsOf(file) {
  const [head, ...rows] = cellsOf(readFileSync(file, "utf8"));
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index]])));
}

function cellsOf(text) {
  const rows = [[]];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const [, value, end] = cell.exec(text);
    rows.at(-1).push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end !== "," && cell.lastIndex < text.length) rows.push([]);
  }
  return rows;
}
