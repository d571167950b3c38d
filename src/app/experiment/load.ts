import { dirname, join } from "node:path";
import type { Diagnostic } from "../../core/model/diagnostics.ts";
import { LabFileError, MhlabError, ScenarioFileError } from "../../core/model/errors.ts";
import { withSeed } from "../../core/judge/scenario/with-seed.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import type { PlannedRun } from "../../core/judge/scenario/parse.ts";
import type { LoadedLab } from "../choose-lab.ts";
import { loadScenario } from "../load-scenario.ts";
import type { ScenarioSource } from "../ports/scenario-source.ts";
import { INPUTS } from "../../core/judge/experiment/file-names.ts";
import type { RunPlan } from "./record.ts";

/** What a scenario file makes. */
export interface LoadedPlans {
  /** One for each cell of its matrix; never empty. */
  readonly plans: readonly [RunPlan, ...RunPlan[]];
  readonly loadedLab: LoadedLab;
  readonly warnings: readonly Diagnostic[];
}

export interface LoadOptions {
  /** Another one than the scenario's. */
  readonly seed: number | undefined;
  /** Of the data, as an SPDX identifier; null: none is stated. */
  readonly licence: string | null;
  /** The file of another lab than the scenario's. */
  readonly lab?: string | undefined;
}

/** Reads a scenario and its lab. Throws what `loadScenario` throws. */
export async function loadPlans(
  file: string,
  { seed, licence, lab: otherLab }: LoadOptions,
  source: ScenarioSource,
): Promise<LoadedPlans> {
  const seeded: ScenarioSource =
    seed === undefined
      ? source
      : {
          ...source,
          read: async (one) =>
            one === file ? withSeed(await source.read(one), seed) : await source.read(one),
        };
  const { runs, text, lab, warnings } = await loadScenario(file, seeded, otherLab);
  const shared = {
    licence,
    scenarioText: text,
    lab: lab.lab,
    labText: lab.text,
    labFile: lab.place,
    inputs: { folder: dirname(file), below: "" },
  };
  const [first, ...more] = runs.map((run): RunPlan => ({
    ...shared,
    scenario: run.scenario,
    variables: given(run),
  }));
  if (first === undefined) throw new TypeError("a scenario without a run was taken for right");
  return { plans: [first, ...more], loadedLab: lab, warnings: [...lab.warnings, ...warnings] };
}

/** What a folder of a run holds, to be run again. Throws LabFileError or ScenarioFileError when this mhlab reads it in another way. */
export function planAgain(
  record: RunRecord,
  { folder, licence }: { readonly folder: string; readonly licence: string | null },
  source: ScenarioSource,
): RunPlan {
  const file = join(folder, "run.json");
  const lab = source.parse(record.labText, { file });
  if (!("lab" in lab)) throw new LabFileError(lab.diagnostics, { state: "Nothing was changed." });
  const { variables } = record;
  const { runs = [], diagnostics } = source.parseScenario(record.scenarioText, {
    file,
    lab: lab.lab,
    variables,
  });
  const run = runs.find((one) => isOf(one, variables));
  if (run !== undefined)
    return {
      scenario: run.scenario,
      licence,
      variables,
      scenarioText: record.scenarioText,
      lab: lab.lab,
      labText: record.labText,
      labFile: file,
      inputs: { folder, below: `${INPUTS}/` },
    };
  if (diagnostics.length > 0) throw new ScenarioFileError(diagnostics, { state: "Nothing was changed." });
  throw new MhlabError(
    "MHLAB_RUN_UNREADABLE",
    `the scenario in ${file} does not make the run that it is of`,
    {
      state: "Nothing was changed.",
    },
  );
}

/** All values that a run is of: of the matrix, and of the environment. */
function given({ variables, environment }: PlannedRun): Readonly<Record<string, string>> {
  return { ...environment, ...variables };
}

function isOf(run: PlannedRun, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(given(run)).every(([name, value]) => wanted[name] === value);
}
