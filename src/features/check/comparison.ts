import type { Compared, Comparison } from "../../core/judge/check/compare.ts";
import type { Check } from "../../core/judge/check/verdict.ts";
import { cell, tableOf } from "./markdown-table.ts";

/** Several checks, and their requirements as `compareChecks` has them. */
export interface ComparedChecks {
  readonly checks: readonly { readonly folder: string; readonly check: Check }[];
  readonly requirements: readonly Comparison[];
}

/** How many requirements differ, in words. */
export function differencesOf({ requirements }: Pick<ComparedChecks, "requirements">): string {
  const count = requirements.filter(({ differs }) => differs === "verdict").length;
  const partly = requirements.filter(({ differs }) => differs === "coverage").length;
  return `${count} of ${requirements.length} requirements have different verdicts${partly === 0 ? "" : `; ${partly} were not checked in all`}`;
}

/** What a check is of, in a line. */
export function subjectOf({ cpe, lab, startedAt, mhlab, partial }: Check): string {
  return `${cpe} in ${lab}, ${startedAt}, mhlab ${mhlab}${partial ? ", ended early" : ""}`;
}

/** A verdict, or that there is none. */
export function verdictOf(compared: Compared): string {
  return compared?.verdict ?? "not checked";
}

/** Several checks per requirement as a page: what each is of, a table with the differences first, and their reasons. */
export function comparisonMarkdown(compared: ComparedChecks): string {
  const { checks, requirements } = compared;
  const different = requirements.filter(({ differs }) => differs === "verdict");
  return [
    "# Conformance checks compared",
    "",
    ...checks.map(({ folder, check }) => `- **${cell(folder)}**: ${cell(subjectOf(check))}`),
    "",
    `${differencesOf(compared)}.`,
    "",
    ...tableOf(
      ["requirement", "level", "title", ...checks.map(({ folder }) => cell(folder))],
      requirements.map((one) => [
        `${one.document} ${one.id}`,
        one.level,
        cell(one.title),
        ...one.checks.map((said) => (one.differs === "verdict" ? `**${verdictOf(said)}**` : verdictOf(said))),
      ]),
    ),
    "",
    ...(different.length === 0 ? [] : ["## Differences", ""]),
    ...different.flatMap((one) => [
      `- **${one.document} ${one.id}** (${one.level}): ${cell(one.title)}`,
      ...one.checks.map(
        (said, index) =>
          `  - ${cell(checks[index]?.folder ?? "")}: ${verdictOf(said)}${said === null ? "" : `, ${cell(said.reason)}`}`,
      ),
    ]),
    ...(different.length === 0 ? [] : [""]),
  ].join("\n");
}
