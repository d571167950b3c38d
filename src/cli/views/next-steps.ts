import type { LabStatus } from "../../core/model/status/model.ts";
import { commandLines } from "./command-lines.ts";
import { harmlessAll, theme, type View } from "./theme.ts";

export interface NextStepsView extends View {
  /** How the user calls this mhlab. */
  readonly self: string;
  /** Whether other labs run beside this one. */
  readonly several: boolean;
}

/** What to try after `up`, as command lines that work as they stand. */
export function renderNextSteps(told: LabStatus, view: NextStepsView): string {
  const { colour, columns, self, several } = view;
  const look = theme(colour);
  const status = harmlessAll(told);
  const host = [...status.cpes.flatMap(({ hosts }) => hosts), ...status.hosts][0];
  const provider = status.providers[0]?.name ?? "<provider>";
  const lab = several ? ` --lab ${status.lab}` : "";
  const target = status.internet?.address;
  const lines: [string, string][] = [
    [`${self} status ${status.lab} --watch`, "what every provider does, live"],
    // Where a real far side leads, only the user knows.
    ...(host === undefined || target === undefined || target === ""
      ? []
      : [
          [`${self} exec${lab} ${host.name} -- ping -c 3 ${target}`, "ping the internet from a host"] as [
            string,
            string,
          ],
        ]),
    [`${self} logs${lab} ${provider} -f`, "what its daemons say"],
    [`${self} down ${status.lab}`, "remove the lab; its keys stay"],
  ];
  const text = commandLines(lines, {
    width: columns,
    paintCommand: (line) => look.accent(line),
    paintPurpose: (purpose) => look.dim(purpose),
  });
  return `${look.dim("Try next:")}\n${text.join("\n")}\n`;
}
