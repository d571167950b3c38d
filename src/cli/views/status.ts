import { groupBy } from "../../core/model/grouped.ts";
import { labProblems } from "../../core/judge/health/derive.ts";
import { isRenumbered } from "../../core/model/renumbering/explain.ts";
import type { LabStatus } from "../../core/model/status/model.ts";
import { counted } from "../../core/model/words.ts";
import { cpeBlock, lanBlock } from "./status-customers.ts";
import { deviceBlock } from "./status-device.ts";
import { delegationTable, providerNotes, providerTable } from "./status-providers.ts";
import { indent, type Look } from "./status-look.ts";
import { shownAll, theme, type TimedView } from "./theme.ts";
import { wrap } from "./width.ts";

export interface StatusView extends TimedView {
  /** Whether every delegation and every problem is shown, however many there are. */
  readonly all?: boolean;
}

/** A lab's status for people: whether it is well, what is wrong in words, then providers, and CPEs with their hosts. */
export function renderStatus(told: LabStatus, view: StatusView): string {
  const { colour, columns, all = false, nowMs = Date.now(), asCalled = (text) => text } = view;
  const status = shownAll(told, view);
  const look = { ...theme(colour), width: columns, asCalled, nowS: nowMs / 1000 };
  const inner = { ...look, width: columns === undefined ? undefined : columns - 2 };
  const { cpes, hosts } = status;
  const blocks = [
    [...wrap(verdict(status, look), look), ...problemLines(status, look, all)],
    indent(providerTable(status, inner)),
    indent(delegationTable(status, inner, all)),
    indent(providerNotes(status, inner, all)),
    ...cpes.map((cpe) => cpeBlock(cpe, look)),
    ...(status.devices ?? []).map((device) => deviceBlock(device, look)),
    ...[...new Set(hosts.map(({ lan }) => lan))].map((lan) => lanBlock(lan, status, look)),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function verdict(status: LabStatus, look: Look): string {
  return `${look.strong(status.lab)}  ${stateOf(status, look)}${farSide(status, look)}`;
}

function stateOf(status: LabStatus, look: Look): string {
  if (status.healthy) {
    const changes = changesIn(status);
    return `${look.good("healthy")}${changes.length === 0 ? "" : look.warn(` (${changes.join(", ")})`)}`;
  }
  const problems = labProblems(status).length;
  const words = [...changesIn(status), ...(problems === 0 ? [] : [counted(problems, "problem")])].join(", ");
  const detail = words === "" ? "" : `: ${words}`;
  return status.asked === true ? look.warn(`degraded (expected)${detail}`) : look.bad(`degraded${detail}`);
}

/** What was changed on purpose while the lab runs. */
function changesIn({ providers }: LabStatus): string[] {
  const faults = providers.reduce((sum, provider) => sum + provider.faults.length, 0);
  const renumbered = providers.filter((one) => isRenumbered(one.prefixes, one.override)).length;
  return [
    ...(faults === 0 ? [] : [counted(faults, "fault")]),
    ...(renumbered === 0 ? [] : [`${counted(renumbered, "provider")} renumbered`]),
  ];
}

function farSide({ internet }: LabStatus, look: Look): string {
  if (internet === undefined) return "";
  const mark = internet.ready && internet.state === "running" ? look.good("✓") : look.bad("✗");
  return (
    look.dim("  bundled internet ") + mark + look.dim(internet.address === "" ? "" : ` ${internet.address}`)
  );
}

/** Problems of one kind of a node beyond so many are counted. */
const ALIKE = 5;

function problemLines(status: LabStatus, look: Look, all: boolean): string[] {
  const kinds = groupBy(labProblems(status), ({ node, code }) => `${node} ${code}`);
  return [...kinds.values()].flatMap((alike) => {
    const shown = all ? alike : alike.slice(0, ALIKE);
    const rest = alike.length - shown.length;
    return shown.flatMap(({ node, message, explainedBy = [] }, index) => {
      const more = rest > 0 && index === shown.length - 1 ? ` (and ${rest} more like it)` : "";
      const asked = explainedBy.length === 0 ? "" : ` (expected: ${explainedBy.join(", ")})`;
      const text = `${look.strong(node)}  ${message}${asked}${more}`;
      const mark = asked === "" ? look.bad("✗") : look.warn("✗");
      return wrap(text, { width: look.width, lead: `  ${mark} `, hang: "    " });
    });
  });
}
