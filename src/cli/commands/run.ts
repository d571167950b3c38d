import { ExitCode } from "../../core/model/errors.ts";
import type { RunPlan } from "../../app/experiment/record.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { Ran } from "../../app/experiment/run.ts";
import { allowVariables } from "./allow-env.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import { viewOn, type Context } from "./context.ts";
import type { CommandDefinition } from "./definition.ts";
import { count, flag, text, wantsJson, word, type Input, type Outcome } from "./input.ts";
import { LAB_RUN_OPTIONS, withLab, type Ready } from "./run-lab.ts";

const MOST_RUNS = 1000;
/** The form of an identifier of the SPDX licence list. */
const SPDX = /^[A-Za-z0-9][A-Za-z0-9.-]{0,63}\+?$/;
const LARGEST_SEED = 4_294_967_295;

/** `mhlab run`. */
export const runCommand: CommandDefinition = {
  path: ["run"],
  group: "Experiments",
  summary: "run a scenario: an experiment with probes, a record and verdicts",
  description:
    "Brings the scenario's lab up without earlier faults and renumberings, starts captures and probes, runs the steps on schedule, clears every fault that it injected, and writes a self-contained folder. Exit code 0 if all expectations passed, 1 if not, 2 for wrong input, 3 if the host lacks something, 127 if a step is not supported here. Ctrl-C ends the run, clears faults, and leaves a partial record; a second one ends at once. The lab stays up unless --down is given.",
  arguments: [{ usage: "[scenario.yaml]", description: "the scenario; omit it with --replay" }],
  options: [
    { flags: "--repeat <n>", description: "repeat it n times, with figures over all runs" },
    {
      flags: "--lab <lab.yaml>",
      description: "use this lab instead of the scenario's, such as one with a router of your own",
    },
    {
      flags: "--seed <n>",
      description: "override the scenario's seed; the same seed gives the same schedule",
    },
    {
      flags: "--out <folder>",
      description: "a new or empty folder for the record; by default runs/<name>-<time>",
    },
    {
      flags: "--replay <folder>",
      description: "repeat the run in a folder, and compare the two",
    },
    {
      flags: "--licence <spdx>",
      description: "the licence of the data, stated in the record (CC-BY-4.0); by default none",
    },
    {
      flags: "--with-images",
      description:
        "add the images of all nodes to the record, as an OCI archive; with --replay: run the record's images, and load those that the engine lacks. Only for folders that you trust",
    },
    ...LAB_RUN_OPTIONS,
    ...FORMAT_OPTIONS,
  ],
  examples: [
    ["run scenario.yaml", "once; the results are in runs/"],
    ["run scenario.yaml --repeat 20 --out failover", "twenty times, with the spread of each figure"],
    ["run examples/scenarios/sadr-exit.yaml --lab my-router.yaml", "a scenario in a lab of your own"],
    ["run --replay runs/silent-upstream-20261128T120000Z", "repeat a run from its record"],
    ["--sandbox run scenario.yaml --json", "for CI"],
  ],
  next: ["status", "down"],
  run,
};

async function run(context: Context, input: Input): Promise<Outcome> {
  const repeat = count(input, "repeat", { flag: "--repeat", min: 1, max: MOST_RUNS }) ?? 1;
  const seed = count(input, "seed", { flag: "--seed", min: 0, max: LARGEST_SEED });
  const [file, replay] = [word(input, 0), text(input, "replay")];
  const { UsageError } = await import("../../core/model/errors.ts");
  if ((file === undefined) === (replay === undefined))
    throw new UsageError(
      file === undefined ? "no scenario was named" : "--replay takes the scenario from its folder",
      { hint: "name a scenario file, or a folder of a run with --replay", state: "Nothing was changed." },
    );
  const lab = text(input, "lab");
  if (replay !== undefined && (seed !== undefined || repeat > 1 || lab !== undefined))
    throw new UsageError("--replay does the same again, once", {
      hint: "leave --seed, --repeat and --lab out, or run the scenario file",
      state: "Nothing was changed.",
    });
  const wantsImages = flag(input, "withImages");
  if (wantsImages && repeat > 1)
    throw new UsageError("--with-images is for one run: every run would get an archive of its own", {
      hint: "run it once more without --repeat",
      state: "Nothing was changed.",
    });
  const licence = text(input, "licence") ?? null;
  if (licence !== null && !SPDX.test(licence))
    throw new UsageError(`'${licence}' is no SPDX identifier of a licence`, {
      hint: "such as CC-BY-4.0, CC0-1.0 or Apache-2.0: https://spdx.org/licenses",
      state: "Nothing was changed.",
    });
  return replay === undefined
    ? await runFile(context, input, { file: file ?? "", repeat, seed, licence, lab })
    : await runAgain(context, input, { folder: replay, licence });
}

interface Wanted {
  readonly file: string;
  readonly repeat: number;
  readonly seed: number | undefined;
  readonly licence: string | null;
  readonly lab: string | undefined;
}

async function runFile(
  context: Context,
  input: Input,
  { file, repeat, seed, licence, lab }: Wanted,
): Promise<Outcome> {
  const { loadPlans } = await import("../../app/experiment/load.ts");
  const { plans, loadedLab, warnings } = await loadPlans(
    file,
    { seed, licence, lab },
    await context.scenarioSource(),
  );
  if (warnings.length > 0) {
    const { formatDiagnostics } = await import("../views/diagnostics.ts");
    context.stderr.write(formatDiagnostics(warnings, viewOn(context.stderr)));
  }
  await allowVariables(context, input, loadedLab);
  const [first] = plans;
  return await withLab(context, input, first, async (ready) =>
    plans.length === 1 && repeat === 1
      ? (await oneRun(context, first, ready)).outcome
      : await several(context, input, { plans, repeat }, ready),
  );
}

async function runAgain(
  context: Context,
  input: Input,
  { folder, licence }: { readonly folder: string; readonly licence: string | null },
): Promise<Outcome> {
  const [{ planAgain }, { readRecord }, { replayed }, { renderReplay }, folders, source] = await Promise.all([
    import("../../app/experiment/load.ts"),
    import("../../core/judge/evidence/read.ts"),
    import("../../core/judge/experiment/replayed.ts"),
    import("../views/run-result.ts"),
    context.runFolders(),
    context.scenarioSource(),
  ]);
  const before = readRecord(folders.read(folder));
  const plan = planAgain(before, { folder, licence }, source);
  return await withLab(context, input, plan, async (given) => {
    const ready = flag(input, "withImages") ? await withArchived(context, { before, folder }, given) : given;
    const { ran, outcome } = await oneRun(context, plan, ready);
    const compared = replayed(before, ran.record);
    const same = compared.every((one) => one.same);
    const view = viewOn(context.stdout);
    return {
      ...outcome,
      json: { ...(outcome.json as object), replayOf: folder, same, compared },
      text: `${outcome.text ?? ""}\n${renderReplay(compared, view)}`,
    };
  });
}

/** The same with the images of the record. The new record gets none: the old one has them. */
async function withArchived(
  context: Context,
  { before, folder }: { readonly before: RunRecord; readonly folder: string },
  { ports, options, report }: Ready,
): Promise<Ready> {
  const { archivedImages } = await import("../../app/experiment/images.ts");
  const images = await archivedImages({
    record: before,
    folder,
    folders: ports.folders,
    engine: await context.engine(),
    images: await ports.images(),
    tell: (said) => report({ kind: "said", text: said, atS: null }),
    signal: context.signal,
  });
  return {
    ports: { ...ports, images: async () => await Promise.resolve(images) },
    options: { ...options, withImages: false },
    report,
  };
}

async function oneRun(
  context: Context,
  plan: RunPlan,
  { ports, options, report }: Ready,
): Promise<{ readonly ran: Ran; readonly outcome: Outcome }> {
  const [{ runExperiment }, { exitCodeOf }, { renderRun }] = await Promise.all([
    import("../../app/experiment/run.ts"),
    import("../../core/judge/experiment/outcome.ts"),
    import("../views/run-result.ts"),
  ]);
  const ran = await runExperiment(plan, ports, { ...options, report });
  const { record, folder } = ran;
  const { verdicts, steps, partial } = record;
  if (ran.failure !== undefined) {
    context.stderr.write(renderRun(record, folder, viewOn(context.stderr)));
    throw ran.failure;
  }
  return {
    ran,
    outcome: {
      json: { folder, scenario: record.scenario.name, partial, verdicts, steps, outages: record.outages },
      text: renderRun(record, folder, viewOn(context.stdout)),
      exitCode: context.signal.aborted ? ExitCode.interrupted : exitCodeOf([record]),
    },
  };
}

async function several(
  context: Context,
  input: Input,
  { plans, repeat }: { readonly plans: readonly RunPlan[]; readonly repeat: number },
  { ports, options, report }: Ready,
): Promise<Outcome> {
  const [{ lineOf, recordsOf, runSeries }, { exitCodeOf }, { compareRuns }, { renderSeries }] =
    await Promise.all([
      import("../../app/experiment/series.ts"),
      import("../../core/judge/experiment/outcome.ts"),
      import("../../core/judge/evidence/compare.ts"),
      import("../views/run-result.ts"),
    ]);
  const entries = await runSeries(plans, ports, {
    ...options,
    repeat,
    onRun: (name, index, all) => {
      report({ kind: "phase", text: `run ${index + 1} of ${all}: ${name}` });
      return report;
    },
  });
  const records = recordsOf(entries);
  const lines = entries.map((entry) => ({ name: entry.name, line: lineOf(entry) }));
  const lost = entries.some(({ error }) => error !== undefined) || records.length < plans.length * repeat;
  const exitCode = context.signal.aborted
    ? ExitCode.interrupted
    : lost
      ? ExitCode.failed
      : exitCodeOf(records);
  const comparisons = compareRuns(records);
  const shown = renderSeries({ comparisons, runs: lines }, options.out, viewOn(context.stdout));
  return {
    json: wantsJson(input) ? { folder: options.out, runs: lines, comparisons } : undefined,
    text: shown,
    exitCode,
  };
}
