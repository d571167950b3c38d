import { Chalk, type ChalkInstance } from "chalk";
import type { Diagnostic } from "../../core/model/diagnostics.ts";
import { harmless, type View } from "./theme.ts";
import { cut, visibleWidth, wrap } from "./width.ts";

/** Diagnostics for people: code and message, place, the line with what is wrong underlined, hint; a blank line between. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], { colour, columns }: View): string {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const syntax = diagnostics.filter(({ code }) => SYNTAX.has(code));
  const left = new Set(syntax.slice(MOST_SYNTAX));
  const shown = diagnostics.filter((diagnostic) => !left.has(diagnostic));
  const texts = shown.map((diagnostic) => formatDiagnostic(diagnostic, chalk, columns));
  if (left.size > 0)
    texts.push(...wrap(`and ${left.size} more that may follow from these`, { width: columns }), "");
  return texts.join("\n");
}

const SYNTAX: ReadonlySet<string> = new Set(["MHLAB_LAB_SYNTAX", "MHLAB_SCENARIO_SYNTAX"]);
/** What is no YAML at all is wrong on each of its lines; the first ones say so. */
const MOST_SYNTAX = 3;

function formatDiagnostic(diagnostic: Diagnostic, chalk: ChalkInstance, width: number | undefined): string {
  const { severity, code, message, file, line, column, hint } = diagnostic;
  const accent = severity === "error" ? chalk.red : chalk.yellow;
  return [
    ...wrap(`${accent.bold(severity)} ${accent(code)}  ${chalk.bold(harmless(message))}`, {
      width,
      hang: "  ",
    }),
    ...wrap(`${harmless(file)}:${line}:${column}`, { width, lead: "  " }).map((text) => chalk.dim(text)),
    ...formatExcerpt(diagnostic, accent, { chalk, width }),
    ...(hint === undefined
      ? []
      : wrap(harmless(hint), { width, lead: `  ${chalk.cyan("hint:")} `, hang: " ".repeat(8) })),
    "",
  ].join("\n");
}

/** Columns of a source line that are shown; a longer line is cut around what is wrong. */
const WIDEST_WINDOW = 100;
/** The part of them that stands before what is wrong. */
const BEFORE = 0.4;
/** What stands around it: indentation, the line's number, a bar, and the marks of the cuts. */
const FRAME = 14;

function formatExcerpt(
  diagnostic: Diagnostic,
  accent: ChalkInstance,
  { chalk, width }: { chalk: ChalkInstance; width: number | undefined },
): string[] {
  const { sourceLine, line, column, length } = diagnostic;
  if (sourceLine.trim() === "") return [];
  const room = Math.min(WIDEST_WINDOW, Math.max(FRAME, (width ?? Infinity) - FRAME));
  const start = sourceLine.length > room ? Math.max(0, column - 1 - Math.floor(room * BEFORE)) : 0;
  const end = Math.min(sourceLine.length, start + room);
  const lead = start > 0 ? "…" : "";
  const shown = `${lead}${harmless(sourceLine.slice(start, end))}${end < sourceLine.length ? "…" : ""}`;
  const before = visibleWidth(lead + harmless(sourceLine.slice(start, column - 1)));
  const under = visibleWidth(harmless(sourceLine.slice(column - 1, Math.min(end, column - 1 + length))));
  const gutter = String(line);
  // Wide characters take two columns each, and tabs four.
  const fit = (text: string): string => (width === undefined ? text : cut(text, width));
  return [
    fit(`  ${chalk.dim(`${gutter} |`)} ${shown}`),
    fit(
      `  ${" ".repeat(gutter.length)} ${chalk.dim("|")} ${" ".repeat(before)}${accent("^".repeat(Math.max(1, under)))}`,
    ),
  ];
}
