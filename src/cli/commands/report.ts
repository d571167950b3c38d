import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { RunFolders } from "../../app/ports/run-folder.ts";
import { viewOn, type Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { text, wantsJson, words, type Input, type Outcome } from "./input.ts";
import { readChecks, reportChecks } from "./report-checks.ts";
import type { View } from "../views/theme.ts";

const REPORT_FORMATS = ["table", "html", "md", "json"] as const;
type ReportFormat = (typeof REPORT_FORMATS)[number];

/** `mhlab report`. */
export const reportCommand: CommandDefinition = {
  path: ["report"],
  asksEngine: false,
  group: "Experiments",
  summary: "regenerate a run's report, or compare several runs or checks",
  description:
    "Reads folders written by `mhlab run` or `mhlab check`. Prints the verdicts of one run, or compares the measurements of several runs per expectation. Of checks it compares the verdicts per requirement, differences first, as table, Markdown or JSON. With -o, writes a page with a timeline to scale and box plots, or Markdown or JSON by the file's extension. The page is self-contained. Needs no engine.",
  arguments: [{ usage: "<folder...>", description: "folders of runs, or of checks" }],
  options: [
    {
      flags: "-o, --output <file>",
      description: "write a page to this file, or another format by extension: .md, .json",
    },
    {
      flags: "--format <format>",
      description: "table, page, Markdown or data; by default a table, or --output's extension",
      choices: REPORT_FORMATS,
    },
    { flags: "--json", description: "short for --format json" },
  ],
  examples: [
    ["report runs/silent-upstream-1", "the verdicts of one run"],
    ["report runs/silent-upstream-1 -o report.html", "its page"],
    ["report runs/dhcpcd-* runs/networkd-* -o compared.html", "compare two CPEs"],
    ["report firmware-1 firmware-2", "two checks, differences first"],
    ["report runs/* --format md", "for an issue or a README"],
  ],
  run: runReport,
};

async function runReport(context: Context, input: Input): Promise<Outcome> {
  const folders = words(input, 0);
  const runs = await context.runFolders();
  const checks = await readChecks(folders, runs);
  const named = text(input, "output");
  const output = named === "-" ? undefined : named;
  const format = wantsJson(input) ? "json" : ((text(input, "format") ?? formatOf(output)) as ReportFormat);
  const view = output === undefined ? viewOn(context.stdout) : { colour: false };
  const { json, text: report } =
    checks === undefined
      ? await reportRuns(await readRuns(runs, folders), folders, { format, view })
      : await reportChecks(checks, folders, { format, view });
  if (output === undefined) return format === "json" ? { json } : { text: report };
  await (await context.exportFolder()).write(output, { mode: 0o644, text: report });
  return { text: `${output}\n` };
}

async function reportRuns(
  records: readonly RunRecord[],
  folders: readonly string[],
  { format, view }: { readonly format: ReportFormat; readonly view: View },
): Promise<{ readonly json: unknown; readonly text: string }> {
  if (format === "json") {
    const json = await dataOf(records);
    return { json, text: `${JSON.stringify(json, null, 2)}\n` };
  }
  const report =
    format === "table" ? await tableOf(records, folders, view) : await RENDERERS[format](records);
  return { json: undefined, text: report };
}

function formatOf(output: string | undefined): ReportFormat {
  if (output === undefined) return "table";
  return /\.md$/i.test(output) ? "md" : /\.json$/i.test(output) ? "json" : "html";
}

/** What `mhlab run` prints at its end. */
async function tableOf(
  records: readonly RunRecord[],
  folders: readonly string[],
  view: View,
): Promise<string> {
  const [{ renderRun, renderSeries }, { compareRuns }, { lineOf }] = await Promise.all([
    import("../views/run-result.ts"),
    import("../../core/judge/evidence/compare.ts"),
    import("../../app/experiment/series.ts"),
  ]);
  const [only, ...others] = records;
  if (only !== undefined && others.length === 0) return renderRun(only, folders[0] ?? "", view);
  const runs = records.map((record, index) => ({
    name: folders[index] ?? "",
    line: lineOf({ plan: record, ran: { record } }),
  }));
  return renderSeries({ comparisons: compareRuns(records), runs }, undefined, view);
}

const RENDERERS: Readonly<
  Record<Exclude<ReportFormat, "table" | "json">, (records: readonly RunRecord[]) => Promise<string>>
> = {
  html: async (records) => (await import("../../features/report/page.ts")).reportPage(records),
  md: async (records) => (await import("../../features/report/markdown.ts")).reportMarkdown(records),
};

/** The same for one run and for several: a list, and what they have in common. */
async function dataOf(records: readonly RunRecord[]): Promise<unknown> {
  const [{ summaryOf }, { compareRuns }] = await Promise.all([
    import("../../features/report/result.ts"),
    import("../../core/judge/evidence/compare.ts"),
  ]);
  return { runs: records.map(summaryOf), comparisons: compareRuns(records) };
}

/** What is wrong in a folder is told with its name. */
async function readRuns(runs: Pick<RunFolders, "read">, folders: readonly string[]): Promise<RunRecord[]> {
  const [{ readRecord }, { MhlabError }] = await Promise.all([
    import("../../core/judge/evidence/read.ts"),
    import("../../core/model/errors.ts"),
  ]);
  return folders.map((folder) => {
    try {
      return readRecord(runs.read(folder));
    } catch (error) {
      if (!(error instanceof MhlabError)) throw error;
      throw error.with({ state: `This is of ${folder}. Nothing was written.` });
    }
  });
}
