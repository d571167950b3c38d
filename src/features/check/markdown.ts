import { anchorOf, nameOf, type Requirement } from "../../core/judge/check/requirement.ts";
import { REQUIREMENTS } from "../../core/judge/check/catalogue/registry.ts";
import { VERDICTS, type Check, type Result } from "../../core/judge/check/verdict.ts";
import { cell, tableOf } from "./markdown-table.ts";

/** Where the page of a requirement is, from the documentation's root. */
function pageOf({ profile, ...requirement }: Pick<Requirement, "profile" | "document" | "id">): string {
  return `docs/check/${profile}.md#${anchorOf(requirement)}`;
}

/** The report of a check as one page: verdicts per profile, all requirements, and the evidence of each. */
export function checkMarkdown(check: Check): string {
  const { cpe, lab, mhlab, tshark, startedAt, durationS, partial, profiles, results } = check;
  const failed = results.filter(({ verdict }) => verdict === "fail");
  return [
    `# Conformance check of ${cell(cpe)} in ${cell(lab)}`,
    "",
    `Begun ${startedAt}, ${durationS.toFixed(1)} s${partial ? ", ended early" : ""}, mhlab ${cell(mhlab)}, tshark ${cell(tshark)}.`,
    "",
    ...tableOf(
      ["profile", ...VERDICTS],
      Object.entries(profiles).map(([name, counts]) => [
        name,
        ...VERDICTS.map((one) => String(counts[one] ?? 0)),
      ]),
    ),
    "",
    ...(failed.length === 0
      ? []
      : [
          "## Failed",
          "",
          ...failed.map(
            (one) => `- **${one.document} ${one.id}** (${one.level}): ${cell(one.reason)}. ${mattersOf(one)}`,
          ),
          "",
        ]),
    "## All requirements",
    "",
    ...tableOf(
      ["requirement", "level", "title", "verdict", "why"],
      results.map((one) => [
        `[${one.document} ${one.id}](#${anchorOf(one)})`,
        one.level,
        cell(one.title),
        one.verdict,
        cell(one.reason),
      ]),
    ),
    "",
    "## Evidence",
    "",
    "Filters are Wireshark display filters. Those of the side `wan` are for the captures at the providers, those of the side `lan` for the capture at the host, all in `run/`. What failed was checked again in `run-2/` and so on; the numbers of frames are those of `run/`.",
    "",
    ...results.flatMap(evidenceOf),
  ].join("\n");
}

/** What a failure means for users. */
function mattersOf(result: Result): string {
  return REQUIREMENTS.find((one) => nameOf(one) === nameOf(result))?.matters ?? "";
}

function evidenceOf(result: Result): string[] {
  const { document, id, title, verdict, reason, samples, violations, observed, evidence, fromS, toS } =
    result;
  const { attempts } = result;
  const window = fromS === null || toS === null ? "" : `, from ${fromS.toFixed(1)} s to ${toS.toFixed(1)} s`;
  return [
    `<a id="${anchorOf(result)}"></a>`,
    "",
    `### ${document} ${id}: ${cell(title)}`,
    "",
    `**${verdict}**: ${cell(reason)} (${samples} samples, ${violations} violations${window}). What is required: \`${pageOf(result)}\`.`,
    "",
    ...observed.map(
      ({ side, filter, frames }) => `- ${side}, ${frames} frames: \`${filter.replaceAll("`", "'")}\``,
    ),
    ...attempts.map(
      (one) =>
        `- in \`${one.run}/\`: ${one.verdict}, ${cell(one.reason)} (${one.samples} samples, ${one.violations} violations)`,
    ),
    ...evidence.map(({ file, frame, atS }) => `- ${file}, frame ${frame}, at ${atS.toFixed(3)} s`),
    "",
  ];
}
