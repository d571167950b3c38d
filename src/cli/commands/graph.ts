import type { LabGraph } from "../../features/graph/model.ts";
import { GRAPH_FORMATS, type GraphFormat } from "../../features/graph/formats.ts";
import { LAB_FILE } from "../../core/model/names.ts";
import type { Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { word, wantsJson, text, type Input, type Outcome } from "./input.ts";

const DEFAULT_FORMAT = "mermaid" satisfies GraphFormat;

/** `mhlab graph`. */
export const graphCommand: CommandDefinition = {
  path: ["graph"],
  group: "Look inside",
  summary: "draw a lab, from its file or as it runs",
  description:
    "Draws the internet, tunnels, providers, access links, CPEs and hosts. From a lab file, it shows the desired state without an engine; for a running lab, also the state of each part. In JSON, `nodes` and `links` have their positions.",
  arguments: [
    {
      usage: "[lab]",
      description: `a lab file, or the name of a running lab; by default the running one, otherwise this folder's ${LAB_FILE}`,
    },
  ],
  options: [
    {
      flags: "--format <format>",
      description: "a self-contained picture, a text for other programs, or data",
      choices: GRAPH_FORMATS,
      default: DEFAULT_FORMAT,
    },
    { flags: "--json", description: "short for --format json" },
  ],
  examples: [
    ["graph lab.yaml --format svg > lab.svg", "the file's desired state, for a browser"],
    ["graph two-isps", "the running lab, for a page that draws Mermaid"],
    ["graph --format dot | dot -Tpdf > lab.pdf", "with Graphviz"],
  ],
  next: ["dashboard", "status"],
  run: runGraph,
};

async function runGraph(context: Context, input: Input): Promise<Outcome> {
  const [{ graphJson, RENDERERS }, graph] = await Promise.all([
    import("../../features/graph/formats.ts"),
    graphOf(context, word(input, 0)),
  ]);
  const format = wantsJson(input) ? "json" : ((text(input, "format") ?? DEFAULT_FORMAT) as GraphFormat);
  return format === "json" ? { json: graphJson(graph) } : { text: RENDERERS[format](graph) };
}

async function graphOf(context: Context, argument: string | undefined): Promise<LabGraph> {
  const { isLabFile } = await import("../../app/choose-lab.ts");
  if (argument !== undefined && isLabFile(argument)) return await ofFile(context, argument);
  const [{ labStatus }, { findLab }, { graphOfStatus }] = await Promise.all([
    import("../../app/status.ts"),
    import("./find-lab.ts"),
    import("../../features/graph/of-status.ts"),
  ]);
  if (
    argument === undefined &&
    !(await anyRuns(context)) &&
    (await (await context.labSource()).exists(LAB_FILE))
  )
    return await ofFile(context, LAB_FILE);
  const found = await findLab(context, await context.engines(), argument);
  return graphOfStatus(await labStatus({ ...found, signal: context.signal }));
}

async function ofFile(context: Context, file: string): Promise<LabGraph> {
  const [{ loadLab }, { graphOfLab }, source] = await Promise.all([
    import("../../app/choose-lab.ts"),
    import("../../features/graph/of-lab.ts"),
    context.labSource(),
  ]);
  return graphOfLab((await loadLab(file, source)).lab);
}

/** Whether a lab runs; an engine that cannot be asked runs none. */
async function anyRuns(context: Context): Promise<boolean> {
  const { MhlabError } = await import("../../core/model/errors.ts");
  try {
    return (await (await context.engines()).look(context.signal)).nodes.length > 0;
  } catch (error) {
    if (error instanceof MhlabError) return false;
    throw error;
  }
}
