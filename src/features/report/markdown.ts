import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { compareRuns, type GroupValues } from "../../core/judge/evidence/compare.ts";
import { countSentence, OUTCOMES, resultOf } from "../../core/judge/evidence/outcomes.ts";
import { titleOf } from "../../core/judge/evidence/paths.ts";
import {
  flowTable,
  loadTable,
  gapTable,
  outageTable,
  phaseTable,
  leakTable,
  sendingTable,
  stepTable,
  type DataTable,
} from "./data-tables.ts";
import { machineTable, sysctlTable } from "./machine-tables.ts";
import { aboutRun } from "./facts-line.ts";
import { figure, moment, plural } from "./words.ts";

/** The report of a run, or the comparison of several, in Markdown (CommonMark with tables). */
export function reportMarkdown(records: readonly RunRecord[]): string {
  const [first] = records;
  const parts = first !== undefined && records.length === 1 ? single(first) : comparison(records);
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function single(record: RunRecord): string[] {
  const { scenario, verdicts, partial } = record;
  const { mark } = OUTCOMES[resultOf(record)];
  return [
    `# ${plain(titleOf(record))}`,
    scenario.title === null ? "" : plain(scenario.title),
    list(aboutRun(record).map(([name, value]) => `${plain(name)}: ${plain(value)}`)),
    "## Verdicts",
    `${mark} ${countSentence(verdicts)}${partial ? "; the run was cut short" : ""}.`,
    table({
      caption: "Verdicts",
      head: ["", "result", "expected", "measured", "because", "evidence"],
      rows: verdicts.map(({ result, text, measured, because, evidence }) => [
        OUTCOMES[result].mark,
        OUTCOMES[result].word,
        text,
        measured,
        because ?? "",
        evidence.map((one) => `${moment(one.atS)}: ${one.text}`).join("; "),
      ]),
    }),
    ...[
      stepTable,
      gapTable,
      outageTable,
      phaseTable,
      sendingTable,
      flowTable,
      loadTable,
      leakTable,
      machineTable,
      sysctlTable,
    ].flatMap((make) => section(make(record))),
  ];
}

function comparison(records: readonly RunRecord[]): string[] {
  return [
    "# Runs compared",
    table({
      caption: "Runs",
      head: ["run", "begun", "lab", "result"],
      rows: records.map((record) => [
        titleOf(record),
        record.startedAt,
        record.lab,
        `${OUTCOMES[resultOf(record)].word}: ${countSentence(record.verdicts)}`,
      ]),
    }),
    ...compareRuns(records).flatMap(({ scenario, text, unit, groups }) => [
      `## ${plain(scenario)}: ${plain(text)}`,
      table({
        caption: text,
        head: ["runs of", "values", "without", "median", "95 % of the median", "quartiles", "least", "most"],
        rows: groups.map((group) => spreadRow(group, unit)),
      }),
    ]),
    records.length === 0 ? "" : `${plural(records.length, "run")}.`,
  ];
}

function spreadRow({ label, values, without, spread }: GroupValues, unit: string | null): string[] {
  const counts = [label, String(values.length), String(without)];
  if (spread === null) return [...counts, "", "", "", "", ""];
  const { medianWithin, lowQuartile, highQuartile, median, least, most } = spread;
  return [
    ...counts,
    figure(median, unit),
    medianWithin === null
      ? "needs six values"
      : medianWithin.map((value) => figure(value, unit)).join(" to "),
    `${figure(lowQuartile, unit)} to ${figure(highQuartile, unit)}`,
    figure(least, unit),
    figure(most, unit),
  ];
}

function section(data: DataTable): string[] {
  return data.rows.length === 0 ? [] : [`## ${plain(data.caption)}`, table(data)];
}

export function table({ head, rows }: DataTable): string {
  if (rows.length === 0) return "None.";
  return [head, head.map(() => "---"), ...rows.map((row) => row.map(plain))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** On one line, with nothing in it that is markup: what others wrote becomes neither HTML nor a link. */
export function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]|~#]/g, "\\$&");
}
