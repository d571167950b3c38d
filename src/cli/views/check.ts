import { countVerdicts, VERDICTS, type Check, type VerdictName } from "../../core/judge/check/verdict.ts";
import type { Requirement } from "../../core/judge/check/requirement.ts";
import { differencesOf, subjectOf, verdictOf, type ComparedChecks } from "../../features/check/comparison.ts";
import { renderTable } from "./table.ts";
import { shownAll, theme, type Theme, type View } from "./theme.ts";
import { wrap } from "./width.ts";

const MARKS: { readonly [V in VerdictName]: (look: Theme) => string } = {
  pass: (look) => look.good("✓ pass"),
  fail: (look) => look.bad("✗ fail"),
  inconclusive: (look) => look.bad("? inconclusive"),
  "not-applicable": (look) => look.warn("- not applicable"),
  skipped: (look) => look.warn("- skipped"),
};

/** The verdicts of a check, and where its folder is. */
export function renderCheck(check: Check, folder: string, view: View): string {
  const { colour, columns } = view;
  const look = theme(colour);
  const { results, durationS, partial, cpe } = shownAll(check, view);
  const rows = results.map(({ document, id, level, verdict, title, reason }) => [
    MARKS[verdict](look),
    `${document} ${id}`,
    level,
    verdict === "pass" ? title : `${title}: ${reason}`,
  ]);
  const counts = countVerdicts(results);
  const said = VERDICTS.filter((name) => counts[name] > 0).map((name) => `${counts[name]} ${name}`);
  return `${[
    ...renderTable(["VERDICT", "REQUIREMENT", "LEVEL", "WHAT"], rows, { look, width: columns }),
    "",
    ...wrap(
      `${cpe}: ${said.join(", ")}; ${durationS.toFixed(1)} s${partial ? ", ended early" : ""}; the report is ${folder}/report.md`,
      { width: columns, hang: "  " },
    ),
  ].join("\n")}\n`;
}

/** Several checks per requirement, differences first, and why they differ. */
export function renderComparison(told: ComparedChecks, view: View): string {
  const { colour, columns } = view;
  const look = theme(colour);
  const compared = shownAll(told, view);
  const { checks, requirements } = compared;
  const rows = requirements.map(({ document, id, level, title, checks: said }) => [
    `${document} ${id}`,
    level,
    ...said.map((one) => (one === null ? look.warn("- not checked") : MARKS[one.verdict](look))),
    title,
  ]);
  const different = requirements.filter(({ differs }) => differs === "verdict");
  const hang = { width: columns, hang: "  " };
  return `${[
    ...renderTable(["REQUIREMENT", "LEVEL", ...checks.map(({ folder }) => folder), "WHAT"], rows, {
      look,
      width: columns,
    }),
    "",
    differencesOf(compared),
    ...different.flatMap(({ document, id, checks: said }) =>
      said.flatMap((one, index) =>
        wrap(
          `  ${document} ${id}, ${checks[index]?.folder ?? ""}: ${verdictOf(one)}${one === null ? "" : `, ${one.reason}`}`,
          hang,
        ),
      ),
    ),
    ...checks.flatMap(({ folder, check }) => wrap(`${folder}: ${subjectOf(check)}`, hang)),
  ].join("\n")}\n`;
}

/** What can be checked. */
export function renderCatalogue(requirements: readonly Requirement[], { colour, columns }: View): string {
  const rows = requirements.map(({ document, id, level, title, phase }) => [
    `${document} ${id}`,
    level,
    phase,
    title,
  ]);
  return `${renderTable(["REQUIREMENT", "LEVEL", "PHASE", "WHAT"], rows, { look: theme(colour), width: columns }).join("\n")}\n`;
}
