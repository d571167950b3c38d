import type { Diagnostic } from "../../core/model/diagnostics.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import type { PlannedRun } from "../../core/judge/scenario/parse.ts";
import type { LabSource } from "./lab-source.ts";

/** Scenarios, and the labs that they are about. */
export interface ScenarioSource extends LabSource {
  /** The path of a file that another one names, as it is from here. */
  beside(file: string, path: string): string;
  /** Reads a file that another one names. Rejects with a Node error, or when a part of the path is a link. */
  readBeside(file: string, path: string): Promise<string>;
  /** The lab that a scenario names, as it is written there; undefined when it names none. */
  labPathOf(text: string): string | undefined;
  /** Without its lab, names of the lab are not checked; `variables` count more than the environment. */
  parseScenario(
    text: string,
    where: {
      readonly file: string;
      readonly lab?: Lab | undefined;
      readonly variables?: Readonly<Record<string, string>>;
    },
  ): { readonly runs?: readonly PlannedRun[]; readonly diagnostics: readonly Diagnostic[] };
}
