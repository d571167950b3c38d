import { StateError } from "../core/model/errors.ts";
import type { Lab } from "../core/model/lab/model.ts";
import type { Step } from "../core/render/plan/plan.ts";
import type { Report } from "../core/render/plan/progress.ts";
import { planLab, startedFromOther, type PlanOptions, type PlanPorts } from "./plan-up.ts";

/** A lab that was started from another file than the one that is to change it. */
export interface OtherFile {
  readonly lab: string;
  readonly startedFrom: string;
  readonly file: string;
  readonly steps: readonly Step[];
}

interface CheckOptions extends Omit<PlanOptions, "makeKeys"> {
  readonly replace: boolean;
  readonly agreeToReplace: ((other: OtherFile) => Promise<boolean>) | undefined;
  readonly report: Report;
}

/** Two files may have the same lab name by mistake: what runs is changed by the other only when a person wants it. Throws StateError. */
export async function checkFile(lab: Lab, ports: PlanPorts, options: CheckOptions): Promise<void> {
  const { labFile: file, replace, agreeToReplace, report, signal } = options;
  const startedFrom = startedFromOther(await ports.engines.look(signal), lab.name, file);
  if (startedFrom === undefined) return;
  const steps = replace ? [] : await changes(lab, ports, options);
  const other = { lab: lab.name, startedFrom, file, steps };
  if (steps.length > 0 && (await agreeToReplace?.(other)) !== true) throw refused(other);
  report({
    kind: "warning",
    warning: { code: "other-file", message: `the lab '${lab.name}' was started from ${startedFrom}` },
  });
}

/** What the file would change; a copy changes nothing, and what a clean start recreates is no difference of files. */
async function changes(lab: Lab, ports: PlanPorts, options: CheckOptions): Promise<Step[]> {
  const { plan } = await planLab(lab, ports, { ...options, makeKeys: false, reset: false });
  return plan.steps.filter(({ action }) => action !== "build");
}

function refused({ lab, startedFrom, file, steps }: OtherFile): StateError {
  return new StateError(
    "MHLAB_OTHER_FILE",
    `the lab '${lab}' was started from ${startedFrom}, and this is ${file}`,
    {
      evidence: steps.map(({ action, name, reason }) => `would ${action} ${name}: ${reason}`),
      hint: "give one of them another name; or make the running lab what this file says: --replace",
      state: "Nothing was changed.",
    },
  );
}
