import { FORMATS } from "../features/report/files.ts";
import { RUN_FAMILIES } from "../features/report/openmetrics.ts";
import { FACTS, FLOWS, PROBES } from "../core/judge/evidence/tables.ts";
import { table, withTables } from "./docs-tables.ts";

const TABLES: Readonly<Record<string, () => string>> = {
  files: () =>
    table(
      ["file", "what is in it", "who opens it"],
      FORMATS.map(({ path, what, reader }) => [`\`${path}\``, what, reader]),
    ),
  probes: () => columns(PROBES.columns),
  flows: () => columns(FLOWS.columns),
  facts: () => columns(FACTS.columns),
  metrics: () =>
    table(
      ["metric", "type", "meaning"],
      RUN_FAMILIES.map(({ name, type, help }) => [`\`${name}\``, type, help]),
    ),
};

function columns(all: readonly { name: string; meaning: string; cell: { kind: string } }[]): string {
  return table(
    ["column", "cells", "meaning"],
    all.map(({ name, meaning, cell }) => [`\`${name}\``, cell.kind, meaning]),
  );
}

/** docs/run-folder.md with its tables as the registries of the formats say; the text around them stays. */
export function withRunFolderTables(page: string): string {
  return withTables(page, "run-folder", (name) => TABLES[name]?.() ?? "");
}
