import { evidenceFiles, FORMATS } from "../../features/report/files.ts";
import { RECORD_FILES } from "../../core/judge/evidence/read.ts";
import { Cancelled, MhlabError, UsageError } from "../../core/model/errors.ts";
import { clashingFile, IMAGES_FILE, PROGRESS_FILE } from "../../core/judge/experiment/file-names.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { LoadSample, StepResult } from "../../core/judge/experiment/record.ts";
import type { RunReport } from "../../core/judge/scenario/progress.ts";
import { endS } from "../../core/judge/scenario/schedule.ts";
import { pause } from "../ports/time.ts";
import type { LabLock } from "../ports/lab-lock.ts";
import type { RunFolder, RunFolders } from "../ports/run-folder.ts";
import type { UpPorts } from "../up.ts";
import { healAfter } from "./aftermath.ts";
import { heldLock } from "./held-lock.ts";
import { keepDiary, type Diary } from "./diary.ts";
import { saveNodeImages } from "./images.ts";
import { Observers } from "./observers.ts";
import { keepAlive } from "./steps/keepalive.ts";
import { prepare, type PrepareOptions } from "./prepare.ts";
import { recordOf, type RunPlan } from "./record.ts";
import { readInputs } from "./steps/nodes.ts";
import { savedBy } from "../../core/judge/scenario/steps/registry.ts";
import { doStep } from "./steps/registry.ts";
import type { Injected, Stage } from "./steps/stage.ts";
import { runSteps } from "./steps/timeline.ts";

/** Of servers of loads in the bundled internet; those of its own services are below. */
const FIRST_PORT = 5300;

export interface RunPorts extends UpPorts {
  readonly folders: RunFolders;
}

export interface RunOptions extends Omit<PrepareOptions, "signal"> {
  /** The commit that this mhlab was built from. */
  readonly commit: string | null;
  /** Whether the folder gets the images of all nodes, too. */
  readonly withImages: boolean;
  /** The folder, which is made. */
  readonly out: string;
  /** The user wants it to end. */
  readonly signal: AbortSignal;
}

/** A run that had a beginning. */
export interface Ran {
  readonly record: RunRecord;
  readonly folder: string;
  /** Why it ended before its end, unless somebody wanted that. */
  readonly failure?: unknown;
}

/**
 * Runs a scenario once, and writes its folder. Once t=0 has come it always gives a record, a partial one when it was
 * ended; faults that it injected are cleared whatever happens. Rejects with why it could not begin.
 */
export async function runExperiment(plan: RunPlan, ports: RunPorts, options: RunOptions): Promise<Ran> {
  refuseClash(plan);
  const inputs = readInputs(plan, ports.folders);
  const broken = new AbortController();
  let failure: unknown;
  const onFailure = (error: unknown): void => {
    failure ??= error;
    broken.abort(error);
  };
  const signal = AbortSignal.any([options.signal, broken.signal]);
  const folder = await ports.folders.make(options.out, onFailure);
  let begun = false;
  let diary: Diary | undefined;
  let release: Awaited<ReturnType<LabLock["acquire"]>> | undefined;
  try {
    release = await ports.lock.acquire(plan.lab.name, "run");
    const lock = heldLock();
    const ground = await prepare(
      { lab: plan.lab, place: plan.labFile },
      plan.scenario,
      { ...ports, lock },
      { ...options, signal },
    );
    const { engines } = ports;
    const { version, commit, report } = options;
    const observers = new Observers({
      plan,
      ground,
      engines,
      folder,
      version,
      commit,
      report,
      onFailure,
      signal,
    });
    await observers.start().catch(async (error: unknown) => {
      await observers.abandon();
      throw signal.aborted && failure === undefined
        ? new Cancelled({ state: NOT_BEGUN, cause: error })
        : error;
    });
    begun = true;
    const injected = new Map<string, Injected>();
    const loads: LoadSample[] = [];
    let lastPort = FIRST_PORT;
    const stage: Stage = {
      engines,
      lock,
      nodes: ground.nodes,
      folder,
      nowS: () => observers.nowS(),
      injected,
      soFar: () => observers.watched(),
      changed: (atMostMs, ending) => observers.watcher.changed(atMostMs, ending),
      inputs,
      onLoad(samples) {
        for (const sample of samples) loads.push(sample);
        report({ kind: "load", samples, atS: observers.nowS() });
        diary?.load(samples);
      },
      nextPort: () => lastPort++,
      clock: { sinceStart: (wallNs) => observers.sinceStart(wallNs) },
    };
    const keeping = keepAlive(ground.nodes, injected);
    diary = keepDiary({ plan, observers, folder });
    const playing = { observers, diary, folder, report, onFailure, signal };
    const steps = await play(plan, stage, playing).catch((error: unknown): StepResult[] => {
      onFailure(error);
      return [];
    });
    const partial = signal.aborted;
    const durationS = observers.nowS();
    diary.over(durationS);
    await observers.endLeaks();
    report({ kind: "over", partial, atS: durationS });
    const tell = (text: string): void => report({ kind: "said", text, atS: null });
    // Faults first: nobody should wait for files while the lab is broken.
    await healAfter(ground.nodes, [...injected.values()], tell);
    keeping.abort();
    const record = recordOf(plan, await observers.stop(steps, { partial, durationS, loads }));
    report({ kind: "phase", text: "writing the record" });
    diary.close();
    const archive = options.withImages
      ? (): Promise<void> => saveNodeImages(ground.nodes, folder, signal)
      : undefined;
    if (archive !== undefined) report({ kind: "phase", text: "writing the record and the images" });
    await writeAll(record, folder, archive).catch((error: unknown) => {
      throw unwritten(failure ?? error);
    });
    return { record, folder: folder.path, ...(failure === undefined ? {} : { failure }) };
  } finally {
    diary?.close();
    // Of a run that was not begun nothing is worth keeping.
    if (!begun) for (const name of folder.list()) folder.remove(name);
    folder.discard();
    await release?.();
  }
}

/** All files that follow from the record, and the sums of all that there are. */
async function writeAll(
  record: RunRecord,
  folder: RunFolder,
  archive: (() => Promise<void>) | undefined,
): Promise<void> {
  folder.remove(PROGRESS_FILE);
  const others = [...folder.list(), ...(archive === undefined ? [] : [IMAGES_FILE])];
  for (const { path, content, gzip = false } of evidenceFiles(record, others))
    folder.write(path, content, { gzip });
  // Last, because it is the largest: when the disk is full, the rest is there.
  await archive?.();
  await folder.seal();
}

function unwritten(error: unknown): unknown {
  const state =
    "The lab runs, and the faults of the run are cleared. Its folder is not complete: it has no SHA256SUMS.";
  return error instanceof MhlabError ? error.with({ state }) : error;
}

const NOT_BEGUN = "No run was begun. The lab runs.";

/** What it takes to play a scenario. */
interface Playing {
  readonly observers: Observers;
  readonly diary: Diary;
  readonly folder: RunFolder;
  readonly report: RunReport;
  readonly onFailure: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Does all steps, and looks on until all has been seen. */
async function play(plan: RunPlan, stage: Stage, playing: Playing): Promise<StepResult[]> {
  const { scenario } = plan;
  const { observers, diary, report, signal } = playing;
  const ended = new Map<string, StepResult>();
  report({ kind: "began", scenario, endsS: endS(scenario, []) });
  keep(plan, [], playing);
  const steps = await runSteps(scenario.steps, {
    nowS: () => observers.nowS(),
    act: (step, ending) => doStep(step, stage, ending),
    onStep(step, phase) {
      observers.step(step, phase);
      report({ kind: "step", phase, step });
      diary.step(step, phase);
      if (phase === "begin") return;
      ended.set(step.id, step);
      keep(
        plan,
        scenario.steps.flatMap(({ id }) => ended.get(id) ?? []),
        playing,
      );
    },
    signal,
  });
  const endsS = endS(scenario, steps);
  // A timer may fire a moment early, and a window that has not ended was not reached. Whoever ends it wants the rest no more.
  while (observers.nowS() < endsS && !signal.aborted)
    await pause(Math.ceil((endsS - observers.nowS()) * 1000), signal).catch(() => undefined);
  return steps;
}

/** Writes down what is known so far: a run that is killed leaves a record that can be read. */
function keep(plan: RunPlan, steps: readonly StepResult[], { observers, folder, onFailure }: Playing): void {
  try {
    const record = recordOf(plan, observers.soFar(steps));
    for (const { path, write } of FORMATS)
      if (RECORD_FILES.includes(path)) folder.write(path, write(record, []));
  } catch (error) {
    onFailure(error);
  }
}

function refuseClash({ scenario }: RunPlan): void {
  const clash = clashingFile(
    scenario.steps.flatMap((step) => savedBy(step)?.file ?? []),
    FORMATS.map(({ path }) => path),
  );
  if (clash === undefined) return;
  throw new UsageError(`two things would be written to ${clash}`, {
    hint: "give each step that saves something a name of its own, and none that the run itself writes to",
    state: "Nothing was changed.",
  });
}
