import { dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../../core/diagnostics.ts";
import { LabFileError, MhlabError, ScenarioFileError } from "../../core/errors.ts";
import { withSeed } from "../../core/experiment/with-seed.ts";
import type { RunRecord } from "../../core/experiment/model.ts";
import { errnoOf, fileTrouble } from "../../core/file-trouble.ts";
import { loadLab, type LoadedLab } from "../choose-lab.ts";
import type { LabSource } from "../ports/lab-source.ts";
import type { PlannedScenario, ScenarioSource } from "../ports/scenario-source.ts";
import { INPUTS } from "./steps/copy.ts";
import type { RunPlan } from "./record.ts";

export interface LoadPorts {
  readonly labs: LabSource;
  readonly scenarios: ScenarioSource;
}

/** What a scenario file makes. */
export interface LoadedScenario {
  /** One for each cell of its matrix; never empty. */
  readonly plans: readonly [RunPlan, ...RunPlan[]];
  readonly loadedLab: LoadedLab;
  readonly warnings: readonly Diagnostic[];
}

/** Reads a scenario and its lab. Throws LabFileError with every diagnostic, or why a file cannot be read. */
export async function loadScenario(
  file: string,
  { seed }: { readonly seed: number | undefined },
  { labs, scenarios }: LoadPorts,
): Promise<LoadedScenario> {
  const written = await read(file, labs);
  const text = seed === undefined ? written : withSeed(written, seed);
  const labPath = scenarios.labPath(text);
  // What is wrong with a scenario that names no lab is told by its diagnostics.
  if (labPath === undefined) throw refused(scenarios.parse(text, { file, lab: undefined }).diagnostics, file);
  const labFile = resolve(dirname(file), labPath);
  const loadedLab = await loadLab(labFile, labs);
  const { runs, diagnostics } = scenarios.parse(text, { file, lab: loadedLab.lab });
  const shared = {
    scenarioText: text,
    lab: loadedLab.lab,
    labText: await read(labFile, labs),
    labFile: loadedLab.place,
    inputs: dirname(file),
  };
  const [first, ...more] = (runs ?? []).map((run): RunPlan => ({ ...run, ...shared }));
  if (first === undefined) throw refused(diagnostics, file);
  return { plans: [first, ...more], loadedLab, warnings: diagnostics };
}

/** What a folder of a run holds, to be run again. Throws LabFileError when this mhlab reads it in another way. */
export function loadRecorded(record: RunRecord, folder: string, { labs, scenarios }: LoadPorts): RunPlan {
  const file = `${folder}/run.json`;
  const lab = labs.parse(record.labText, { file });
  if (!("lab" in lab)) throw new LabFileError(lab.diagnostics, { state: "Nothing was changed." });
  const { variables } = record;
  const { runs, diagnostics } = scenarios.parse(record.scenarioText, { file, lab: lab.lab, variables });
  const run = (runs ?? []).find((one) => isOf(one, variables));
  if (run === undefined) throw refused(diagnostics, file);
  return {
    ...run,
    variables,
    scenarioText: record.scenarioText,
    lab: lab.lab,
    labText: record.labText,
    labFile: file,
    inputs: join(folder, INPUTS),
  };
}

function isOf({ variables }: PlannedScenario, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(variables).every(([name, value]) => wanted[name] === value);
}

function refused(diagnostics: readonly Diagnostic[], file: string): MhlabError {
  if (diagnostics.length > 0) return new ScenarioFileError(diagnostics, { state: "Nothing was changed." });
  return new MhlabError("MHLAB_RUN_UNREADABLE", `${file} makes no run`, { state: "Nothing was changed." });
}

async function read(file: string, labs: LabSource): Promise<string> {
  try {
    return await labs.read(file);
  } catch (cause) {
    const why = errnoOf(cause) === "EISDIR" ? "it is a folder; name the scenario in it" : fileTrouble(cause);
    throw new MhlabError("MHLAB_LAB_UNREADABLE", `cannot read ${file}: ${why}`, {
      hint: "a scenario is a YAML file that names its lab, as examples/scenarios has them",
      cause,
    });
  }
}
