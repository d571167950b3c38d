import { Chalk, type ChalkInstance } from "chalk";
import type { Diagnostic } from "../core/diagnostics.ts";
import { harmless } from "./theme.ts";

export interface DiagnosticsStyle {
  readonly colour: boolean;
}

/** Diagnostics for people: code and message, place, the line with what is wrong underlined, hint; a blank line between. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], { colour }: DiagnosticsStyle): string {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, chalk)).join("\n");
}

function formatDiagnostic(diagnostic: Diagnostic, chalk: ChalkInstance): string {
  const { severity, code, message, file, line, column, hint } = diagnostic;
  const accent = severity === "error" ? chalk.red : chalk.yellow;
  return [
    `${accent.bold(severity)} ${accent(code)}  ${chalk.bold(harmless(message))}`,
    chalk.dim(`  ${harmless(file)}:${line}:${column}`),
    ...formatExcerpt(diagnostic, accent, chalk),
    ...(hint === undefined ? [] : [`  ${chalk.cyan("hint:")} ${harmless(hint)}`]),
    "",
  ].join("\n");
}

/** Columns of a source line that are shown; a longer line is cut around what is wrong. */
const WINDOW = 100;
const BEFORE = 40;

function formatExcerpt(diagnostic: Diagnostic, accent: ChalkInstance, chalk: ChalkInstance): string[] {
  const { sourceLine, line, column, length } = diagnostic;
  if (sourceLine.trim() === "") return [];
  const start = sourceLine.length > WINDOW ? Math.max(0, column - 1 - BEFORE) : 0;
  const end = Math.min(sourceLine.length, start + WINDOW);
  const lead = start > 0 ? "…" : "";
  const shown = `${lead}${harmless(sourceLine.slice(start, end))}${end < sourceLine.length ? "…" : ""}`;
  const before = displayWidth(lead + harmless(sourceLine.slice(start, column - 1)));
  const under = displayWidth(harmless(sourceLine.slice(column - 1, Math.min(end, column - 1 + length))));
  const gutter = String(line);
  return [
    `  ${chalk.dim(`${gutter} |`)} ${shown}`,
    `  ${" ".repeat(gutter.length)} ${chalk.dim("|")} ${" ".repeat(before)}${accent("^".repeat(Math.max(1, under)))}`,
  ];
}

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]$/u;

/** How many columns of a terminal a harmless text takes. */
function displayWidth(text: string): number {
  return Array.from(text).reduce(
    (sum, char) => sum + (ZERO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1),
    0,
  );
}
