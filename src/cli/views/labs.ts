import { counted } from "../../core/model/words.ts";
import { formatAgo } from "../../core/model/duration.ts";
import type { LabSummary } from "../../core/render/plan/lab-summary.ts";
import { labProblems } from "../../core/judge/health/derive.ts";
import type { LabStatus } from "../../core/model/status/model.ts";
import { renderTable } from "./table.ts";
import { harmlessAll, shownAll, theme, type Theme, type View } from "./theme.ts";

export interface LabsView extends View {
  /** Seconds since 1970. */
  readonly nowS: number;
}

/** Labs as a table, one line each; where that is too wide, the files go to lines of their own. */
export function renderLabs(found: readonly LabSummary[], { colour, columns, nowS }: LabsView): string {
  const labs = harmlessAll(found);
  if (labs.length === 0) return "there is no lab yet; make a lab file with: mhlab init\n";
  const look = theme(colour);
  const lines = renderTable(
    ["LAB", "STATE", { heading: "MADE", rank: 2 }, { heading: "FROM", rank: 1, below: "" }],
    labs.map((one) => [
      look.strong(one.lab),
      stateOf(one, look),
      one.sinceS === null ? "-" : formatAgo(nowS - one.sinceS),
      look.dim(one.file ?? "-"),
    ]),
    { look, width: columns },
  );
  return `${lines.join("\n")}\n`;
}

function stateOf({ state, running, containers }: LabSummary, look: Theme): string {
  if (state === "running") return look.good("running");
  if (state === "partly") return look.warn(`${running} of ${containers} run`);
  return look.dim(state === "keys" ? "keys only" : "stopped");
}

/** Several labs, one line each: whether each is as it should be, what it has, and what is wrong first; of none, where else to look. */
export function renderBriefly(told: readonly LabStatus[], view: View, elsewhere?: string): string {
  if (told.length === 0)
    return `no lab is running on this engine\n${elsewhere === undefined ? "" : `${elsewhere}\n`}`;
  const { colour, columns } = view;
  const labs = shownAll(told, view);
  const look = theme(colour);
  const lines = renderTable(
    ["LAB", "STATE", { heading: "NODES", rank: 2, below: "" }, { heading: "PROBLEM", rank: 1, below: "" }],
    labs.map((lab) => [
      look.strong(lab.lab),
      lab.healthy
        ? look.good("healthy")
        : lab.asked === true
          ? look.warn("degraded (expected)")
          : look.bad("degraded"),
      nodesOf(lab),
      firstProblem(lab),
    ]),
    { look, width: columns },
  );
  return `${lines.join("\n")}\n`;
}

function nodesOf({ providers, cpes, hosts }: LabStatus): string {
  const all = hosts.length + cpes.reduce((sum, cpe) => sum + cpe.hosts.length, 0);
  return [
    counted(providers.length, "provider"),
    ...(cpes.length > 0 ? [counted(cpes.length, "CPE")] : []),
    ...(all > 0 ? [counted(all, "host")] : []),
  ].join(", ");
}

function firstProblem(lab: LabStatus): string {
  const [first, ...more] = labProblems(lab);
  if (first === undefined) return "";
  return `${first.node}: ${first.message}${more.length > 0 ? ` (and ${more.length} more)` : ""}`;
}
