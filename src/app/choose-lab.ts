import { ExitCode, LabFileError, MhlabError, UsageError } from "../core/errors.ts";
import type { Lab } from "../core/lab/model.ts";
import { suggest } from "../core/values/suggest.ts";
import { labNames } from "../core/plan/labels.ts";
import type { FoundContainer } from "../core/plan/observed.ts";
import type { Diagnostic } from "../core/diagnostics.ts";
import type { LabSource } from "./ports/lab-source.ts";

export interface LoadedLab {
  readonly lab: Lab;
  readonly warnings: readonly Diagnostic[];
}

/** Reads and checks a lab file. Throws LabFileError with every diagnostic, or an error that says why it cannot be read. */
export async function loadLab(file: string, source: LabSource): Promise<LoadedLab> {
  let text: string;
  try {
    text = await source.read(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
  const result = source.parse(text, { file });
  if ("lab" in result) return { lab: result.lab, warnings: result.warnings };
  throw new LabFileError(result.diagnostics, { state: "Nothing was changed." });
}

function unreadable(file: string, cause: unknown): MhlabError {
  const code = (cause as { code?: string }).code;
  const why: Record<string, string> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder; name the lab.yaml in it",
    EACCES: "its mode does not let you",
  };
  return new MhlabError(
    "MHLAB_LAB_UNREADABLE",
    `cannot read ${file}: ${why[code ?? ""] ?? (cause as Error).message}`,
    ExitCode.badInput,
    { hint: "examples of lab files are in the examples folder: examples/two-isps/lab.yaml", cause },
  );
}

/** Whether an argument names a lab file rather than a running lab. */
export function isLabFile(argument: string): boolean {
  return /\.ya?ml$/i.test(argument) || argument.includes("/");
}

/** The running lab that a command is about: the one named, or the only one. Throws UsageError that lists what there is. */
export function chooseLab(name: string | undefined, containers: readonly FoundContainer[]): string {
  const labs = labNames(containers);
  if (name !== undefined) {
    if (labs.includes(name)) return name;
    const near = suggest(name, labs);
    const hint = near === undefined ? whatThereIs(labs) : `did you mean ${near}?`;
    throw new UsageError(`no lab '${name}' is running on this engine`, { hint });
  }
  const [only, ...others] = labs;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    only === undefined ? "no lab is running on this engine" : "which lab? several are running",
    {
      hint: whatThereIs(labs),
    },
  );
}

function whatThereIs(labs: readonly string[]): string {
  return labs.length === 0
    ? "start one with: mhlab up lab.yaml"
    : `running ${labs.length === 1 ? "is" : "are"}: ${labs.join(", ")}; name one of them`;
}
