import type { RunRecord } from "../core/experiment/model.ts";
import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { text, wantsJson, words, type Input } from "./input.ts";
import type { Outcome } from "./outcome.ts";

const REPORT_FORMATS = ["html", "md", "json"] as const;
type ReportFormat = (typeof REPORT_FORMATS)[number];

/** `mhlab report`. */
export const reportCommand: CommandDefinition = {
  path: ["report"],
  asksEngine: false,
  group: "Experiments",
  summary: "the report of a run anew, or several runs compared",
  description:
    "Reads folders that `mhlab run` wrote. Of one it makes the report: verdicts, a timeline to scale, tables. Of several it compares what they measured for the same expectation, with a box plot, median and bounds for each group of runs that differ in nothing but chance. The page needs nothing else and no engine is asked.",
  arguments: [{ usage: "<folder...>", description: "folders of runs" }],
  options: [
    { flags: "-o, --output <file>", description: "where to write; left out: standard output" },
    {
      flags: "--format <format>",
      description: "a page, Markdown, or data",
      choices: REPORT_FORMATS,
      default: "html",
    },
    { flags: "--json", description: "short for --format json" },
  ],
  examples: [
    ["report runs/silent-upstream-1 -o report.html", "one run, as its folder has it"],
    ["report runs/dhcpcd-* runs/networkd-* -o compared.html", "this CPE against that one"],
    ["report runs/* --format md", "for an issue or a README"],
  ],
  run: runReport,
};

async function runReport(context: Context, input: Input): Promise<Outcome> {
  const records = await readRuns(context, words(input, 0));
  const format = wantsJson(input) ? "json" : ((text(input, "format") ?? "html") as ReportFormat);
  const named = text(input, "output");
  const output = named === "-" ? undefined : named;
  if (format === "json" && output === undefined) return { json: await dataOf(records) };
  const report = await RENDERERS[format](records);
  if (output === undefined) return { text: report };
  await (await context.exportFolder()).write(output, { mode: 0o644, text: report });
  return { text: `${output}\n` };
}

const RENDERERS: Readonly<Record<ReportFormat, (records: readonly RunRecord[]) => Promise<string>>> = {
  html: async (records) => (await import("../core/evidence/page.ts")).reportPage(records),
  md: async (records) => (await import("../core/evidence/markdown.ts")).reportMarkdown(records),
  json: async (records) => `${JSON.stringify(await dataOf(records), null, 2)}\n`,
};

/** The same for one run and for several: a list, and what they have in common. */
async function dataOf(records: readonly RunRecord[]): Promise<unknown> {
  const [{ summaryOf }, { compareRuns }] = await Promise.all([
    import("../core/evidence/result.ts"),
    import("../core/evidence/compare.ts"),
  ]);
  return { runs: records.map(summaryOf), comparisons: compareRuns(records) };
}

/** What is wrong in a folder is told with its name. */
async function readRuns(context: Context, folders: readonly string[]): Promise<RunRecord[]> {
  const [{ readRecord }, { MhlabError }, runs] = await Promise.all([
    import("../core/evidence/read.ts"),
    import("../core/errors.ts"),
    context.runFolders(),
  ]);
  return folders.map((folder) => {
    try {
      return readRecord(runs.read(folder));
    } catch (error) {
      if (!(error instanceof MhlabError) || folders.length === 1) throw error;
      throw error.with({ state: `This is of ${folder}. Nothing was written.` });
    }
  });
}
