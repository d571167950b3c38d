import type { Diagnostic } from "../../core/diagnostics.ts";
import type { Scenario } from "../../core/experiment/model.ts";
import type { Lab } from "../../core/lab/model.ts";

/** One run that a scenario makes. */
export interface PlannedScenario {
  readonly scenario: Scenario;
  /** The values that it is of, of its matrix and of the environment: given again, the same run comes out. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface ScenarioSource {
  /** The lab file as the scenario names it; undefined when it names none, or is not right so far. */
  labPath(text: string): string | undefined;
  /** Reads a scenario for a lab; `variables` count more than the environment. */
  parse(
    text: string,
    about: {
      readonly file: string;
      readonly lab: Lab | undefined;
      readonly variables?: Readonly<Record<string, string>>;
    },
  ): {
    /** Undefined when there is an error among the diagnostics. */
    readonly runs: readonly PlannedScenario[] | undefined;
    readonly diagnostics: readonly Diagnostic[];
  };
}
