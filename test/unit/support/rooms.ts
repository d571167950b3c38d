/** The table of rooms in ARCHITECTURE.md, as the tests hold the source to it. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROJECT, type SourceFile } from "./imports.ts";

export interface Room {
  /** From `src`: `core/model/lab`. */
  readonly name: string;
  /** Rooms, single files, or with a star at the end a room and all below it. */
  readonly mayImport: readonly string[];
}

/** Reads the rows of the first table; what stands between backticks in the first and the last column counts. */
export function readRooms(markdown: string): Room[] {
  const rows = markdown.split("\n").filter((line) => line.startsWith("| `src/"));
  return rows.flatMap((line) => {
    const cells = line.split("|").map((cell) => cell.trim());
    const mayImport = quoted(cells.at(-2) ?? "");
    return quoted(cells[1] ?? "").map((path) => ({ name: path.replace(/^src\/|\/$/g, ""), mayImport }));
  });
}

export function roomsOfProject(): Room[] {
  return readRooms(readFileSync(join(PROJECT, "ARCHITECTURE.md"), "utf8"));
}

/** The room that a file is in. */
export function roomOf(path: string): string {
  return dirname(path).replace(/^src\/?/, "");
}

/** Imports that the table does not allow, in words. */
export function trespasses(files: readonly SourceFile[], rooms: readonly Room[]): string[] {
  const allowed = new Map(rooms.map(({ name, mayImport }) => [name, mayImport]));
  return files.flatMap(({ path, imports }) =>
    imports
      .filter((target) => {
        const [from, to] = [roomOf(path), roomOf(target)];
        return from !== to && !(allowed.get(from) ?? []).some((entry) => admits(entry, target));
      })
      .map((target) => `${path} imports ${target}`),
  );
}

function admits(entry: string, target: string): boolean {
  const room = roomOf(target);
  if (entry.endsWith("/*")) return `${room}/`.startsWith(entry.slice(0, -1));
  return entry === room || `src/${entry}` === target;
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
}
