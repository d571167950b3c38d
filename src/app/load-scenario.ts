import { MhlabError, ScenarioFileError, UsageError } from "../core/model/errors.ts";
import { errnoOf, fileTrouble } from "../core/model/file-trouble.ts";
import type { Diagnostic } from "../core/model/diagnostics.ts";
import { isLabText } from "../core/judge/scenario/detect.ts";
import type { PlannedRun } from "../core/judge/scenario/parse.ts";
import { loadLab, type LoadedLab } from "./choose-lab.ts";
import type { ScenarioSource } from "./ports/scenario-source.ts";

export interface LoadedScenario {
  /** At least one. */
  readonly runs: readonly PlannedRun[];
  readonly text: string;
  /** Absolute path of its file. */
  readonly place: string;
  readonly warnings: readonly Diagnostic[];
  /** Its lab, and the path of that from here. */
  readonly lab: LoadedLab;
  readonly labFile: string;
}

/**
 * Reads and checks a scenario, and the lab that it names, or another that the user named. Throws ScenarioFileError or LabFileError with every diagnostic, or an
 * error that says which of the two cannot be read.
 */
export async function loadScenario(
  file: string,
  source: ScenarioSource,
  otherLab?: string,
): Promise<LoadedScenario> {
  const text = await readScenario(file, source);
  const named = source.labPathOf(text);
  const labFile = otherLab ?? (named === undefined ? undefined : source.beside(file, named));
  const lab = await tryLab(
    labFile,
    otherLab === undefined
      ? { ...source, read: async () => await readLab(file, named ?? "", source) }
      : source,
  );
  const { runs, diagnostics } = source.parseScenario(text, {
    file,
    lab: lab instanceof MhlabError ? undefined : lab?.lab,
  });
  if (runs === undefined) {
    if (isLabText(text))
      throw new UsageError(`${file} is a lab file, and no scenario`, {
        hint: `start the lab with: mhlab up ${file}\nscenarios that come along: mhlab run examples/scenarios/silent-upstream.yaml`,
        state: "Nothing was changed.",
      });
    throw new ScenarioFileError(diagnostics, { state: "Nothing was changed." });
  }
  if (lab instanceof MhlabError) throw lab;
  if (lab === undefined || labFile === undefined)
    throw new TypeError("a scenario without a lab was taken for right");
  return { runs, text, place: await source.place(file), warnings: diagnostics, lab, labFile };
}

/** What is wrong with the lab is told once the scenario itself is right. */
async function tryLab(
  file: string | undefined,
  source: ScenarioSource,
): Promise<LoadedLab | MhlabError | undefined> {
  if (file === undefined) return undefined;
  try {
    return await loadLab(file, source);
  } catch (error) {
    if (error instanceof MhlabError) return error;
    throw error;
  }
}

/** The lab that a scenario names. What is no lab by its name is not shown to whoever runs a stranger's scenario. */
async function readLab(file: string, named: string, source: ScenarioSource): Promise<string> {
  if (!/\.ya?ml$/i.test(named)) throw new Error("the name of a lab file ends in .yaml or .yml");
  return await source.readBeside(file, named);
}

async function readScenario(file: string, source: ScenarioSource): Promise<string> {
  try {
    return await source.read(file);
  } catch (cause) {
    const why: Record<string, string> = {
      ENOENT: "there is no such file",
      EISDIR: "it is a folder; name the scenario in it",
    };
    throw new MhlabError(
      "MHLAB_SCENARIO_UNREADABLE",
      `cannot read ${file}: ${why[errnoOf(cause) ?? ""] ?? fileTrouble(cause)}`,
      { hint: "how a scenario is written: docs/scenario-file.md", cause },
    );
  }
}
