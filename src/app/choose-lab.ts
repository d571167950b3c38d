import { LabFileError, MhlabError, UsageError } from "../core/model/errors.ts";
import { errnoOf, fileTrouble } from "../core/model/file-trouble.ts";
import type { Lab } from "../core/model/lab/model.ts";
import { suggest } from "../core/model/values/suggest.ts";
import { LAB_FILE } from "../core/model/names.ts";
import { labNames } from "../core/render/plan/labels.ts";
import type { FoundContainer } from "../core/render/nodes/observed.ts";
import type { Diagnostic } from "../core/model/diagnostics.ts";
import type { LabSource } from "./ports/lab-source.ts";

export interface LoadedLab {
  readonly lab: Lab;
  /** What its file says. */
  readonly text: string;
  /** Absolute path of its file. */
  readonly place: string;
  readonly warnings: readonly Diagnostic[];
  /** Variables whose values became part of a name that is looked up, once the lab is used. */
  readonly lookedUp: readonly string[];
}

/** Reads and checks a lab file. Throws LabFileError with every diagnostic, or an error that says why it cannot be read. */
export async function loadLab(file: string, source: LabSource): Promise<LoadedLab> {
  let text: string;
  try {
    text = await source.read(file);
  } catch (cause) {
    throw unreadable(file, cause, source.example);
  }
  const result = source.parse(text, { file });
  if ("lab" in result) {
    const { lab, warnings, lookedUp } = result;
    return { lab, text, warnings, lookedUp, place: await source.place(file) };
  }
  // Loaded only now: most lab files are right.
  const { isScenarioText } = await import("../core/judge/scenario/detect.ts");
  if (isScenarioText(text))
    throw new UsageError(`${file} is a scenario, and no lab file`, {
      hint: `run it, with the lab that it names: mhlab run ${file}`,
      state: "Nothing was changed.",
    });
  throw new LabFileError(result.diagnostics, { state: "Nothing was changed." });
}

function unreadable(file: string, cause: unknown, example: string): MhlabError {
  const why: Record<string, string> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder; name the lab.yaml in it",
  };
  return new MhlabError(
    "MHLAB_LAB_UNREADABLE",
    `cannot read ${file}: ${why[errnoOf(cause) ?? ""] ?? fileTrouble(cause)}`,
    { hint: `an example of a lab file: ${example}`, cause },
  );
}

/** The lab file of a command that names none. Throws UsageError when there is none here. */
export async function labFileHere(source: LabSource): Promise<string> {
  if (await source.exists(LAB_FILE)) return LAB_FILE;
  throw new UsageError(`no lab file was named, and there is no ${LAB_FILE} in this folder`, {
    hint: `name one, or make one: mhlab init\nan example: ${source.example}`,
    state: "Nothing was changed.",
  });
}

/**
 * Takes the words `[lab.yaml] [name]` apart, of which either may be left out: one word that is no file is the name, and
 * belongs to the lab file of this folder. Throws UsageError when there is none.
 */
export async function fileAndName(
  [first, second]: readonly [string | undefined, string | undefined],
  source: LabSource,
): Promise<{ readonly file: string; readonly name: string | undefined }> {
  if (first === undefined) return { file: await labFileHere(source), name: undefined };
  const isFile = second !== undefined || isLabFile(first) || (await source.exists(first));
  return isFile ? { file: first, name: second } : { file: await labFileHere(source), name: first };
}

/** Whether an argument names a lab file rather than a running lab. */
export function isLabFile(argument: string): boolean {
  return /\.ya?ml$/i.test(argument) || argument.includes("/");
}

/** The running lab that a command is about: the one named, or the only one. Throws UsageError that lists what there is, or says where else to look. */
export function chooseLab(
  name: string | undefined,
  containers: readonly FoundContainer[],
  elsewhere?: string,
): string {
  const labs = labNames(containers);
  if (name !== undefined) {
    if (labs.includes(name)) return name;
    const near = suggest(name, labs);
    const hint = near === undefined ? whatThereIs(labs, elsewhere) : `did you mean ${near}?`;
    throw new UsageError(`no lab '${name}' is running on this engine`, { hint });
  }
  const [only, ...others] = labs;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    only === undefined ? "no lab is running on this engine" : "which lab? several are running",
    {
      hint: whatThereIs(labs, elsewhere),
    },
  );
}

function whatThereIs(labs: readonly string[], elsewhere: string | undefined): string {
  return labs.length === 0
    ? (elsewhere ?? "start one with: mhlab up lab.yaml")
    : `running ${labs.length === 1 ? "is" : "are"}: ${labs.join(", ")}; name one of them`;
}
