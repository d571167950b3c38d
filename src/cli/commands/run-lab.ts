import { RUNS_FOLDER } from "../../core/model/names.ts";
import type { RunReport } from "../../core/judge/scenario/progress.ts";
import type { RunPlan } from "../../app/experiment/record.ts";
import type { RunOptions, RunPorts } from "../../app/experiment/run.ts";
import type { RunView } from "../views/run-progress.ts";
import { ALLOW_ENV } from "./allow-env.ts";
import type { OptionDefinition } from "./command-text.ts";
import type { Context, EngineOptions } from "./context.ts";
import { flag, text, type Input, type Outcome } from "./input.ts";

/** What becomes of the lab, and which images it runs: options of every command that runs experiments. */
export const LAB_RUN_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--down", description: "take the lab down at the end, unless it was running before" },
  { flags: "--replace", description: "even if the lab was started from another file" },
  ALLOW_ENV,
  { flags: "--no-build", description: "use the newest existing images" },
];

/** What a run needs. */
export interface Ready {
  readonly ports: RunPorts;
  readonly options: Omit<RunOptions, "report">;
  readonly report: RunReport;
}

/** Opens the engine and the screen, and takes the lab down afterwards where that is wanted. */
export async function withLab(
  context: Context,
  input: Input,
  plan: RunPlan,
  act: (ready: Ready) => Promise<Outcome>,
): Promise<Outcome> {
  const { openRunView } = await import("../views/run-progress.ts");
  const { stderr } = context;
  const view: RunView = openRunView({
    screen: stderr,
    live: stderr.isTTY && !context.verbose,
    colour: stderr.colour,
  });
  const report: RunReport = (progress) => view.show(progress);
  try {
    const wanted: EngineOptions = {
      startSandbox: true,
      report: (said) => report({ kind: "lab", progress: { kind: "engine", text: said } }),
    };
    const engine = await context.engine(wanted);
    const engines = await context.engines(wanted);
    const ports: RunPorts = {
      engines,
      keys: await context.keys(),
      lock: await context.lock(),
      images: () => context.images(),
      digest: context.digest,
      folders: await context.runFolders(),
    };
    const { nodes } = await engines.look(context.signal);
    const ranBefore = nodes.some(({ lab }) => lab === plan.lab.name);
    const options = {
      out: await folderFor(ports, input, plan),
      version: context.version,
      commit: context.commit,
      withImages: flag(input, "withImages"),
      replace: flag(input, "replace"),
      build: input.options["build"] !== false,
      sshAddress: (await engine.probe()).sshAddress,
      signal: context.signal,
    };
    try {
      return await act({ ports, options, report });
    } finally {
      if (flag(input, "down") && !ranBefore) await takeDown(ports, plan, report);
    }
  } finally {
    view.close();
  }
}

async function folderFor({ folders }: RunPorts, input: Input, { scenario }: RunPlan): Promise<string> {
  const given = text(input, "out");
  if (given !== undefined) return given;
  const time = new Date().toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
  return await folders.free(`${RUNS_FOLDER}/${scenario.name}-${time}`);
}

async function takeDown(
  { engines, lock, keys }: RunPorts,
  { lab }: RunPlan,
  report: RunReport,
): Promise<void> {
  const { down } = await import("../../app/down.ts");
  report({ kind: "phase", text: `taking ${lab.name} down` });
  // Also when the run was interrupted.
  const { signal } = new AbortController();
  await down(lab.name, { engines, lock, keys }, { purge: false, signal, report: () => undefined });
}
