import { SCENARIO_CODES, type DiagnosticCode, type ScenarioCode } from "../../../model/error-codes.ts";
import type { FileKind } from "../../../model/yaml/file-kind.ts";

/** What is said of scenarios. */
export const SCENARIO_FILE_KIND: FileKind = {
  what: "a scenario",
  root: "the scenario",
  firstKeys: "name, lab and steps",
  start: "docs/scenario-file.md begins with a small one",
  page: "docs/scenario-file.md",
  unset: (name) => ({
    message: `the variable ${name} is not set`,
    hint: `give it a value under variables, or several under for; of the environment, only names with LAB_ or MHLAB_ before them are read`,
  }),
  code: scenarioCode,
};

/** The code of a scenario for what a lab file can have wrong as well. */
function scenarioCode(code: DiagnosticCode): ScenarioCode {
  const own = code.replace("MHLAB_LAB_", "MHLAB_SCENARIO_");
  return SCENARIO_CODES.find((one) => one === own) ?? "MHLAB_SCENARIO_VALUE";
}
