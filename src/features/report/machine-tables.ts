/** With what a run ran: the appendix of its report. */
import { groupBy } from "../../core/model/grouped.ts";
import type { LoadFacts } from "../../core/judge/experiment/record.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { tableOf, type DataTable } from "./data-tables.ts";
import { plural } from "./words.ts";

export function machineTable({ machine, scenario, lab, startedAt, startedNs }: RunRecord): DataTable {
  const { clock, hardware, load } = machine;
  const rows = [
    ["lab", lab],
    ["lab file", scenario.lab],
    ["seed", String(scenario.seed)],
    ["t=0", `${startedAt} (${startedNs} ns since 1970)`],
    ["mhlab", machine.commit === null ? machine.mhlab : `${machine.mhlab}, commit ${machine.commit}`],
    ["kernel", machine.kernel],
    ["engine", machine.engine],
    ["processor", `${hardware.cpu ?? "unknown"}, ${plural(hardware.cores ?? 0, "core")}`],
    [
      "memory",
      hardware.memoryBytes === null ? "unknown" : `${(hardware.memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    ],
    ["load during the run", loadText(load)],
    ["clock of the engine", clockText(clock)],
    ...byValue(machine.images).map(({ value, names }) => [`image of ${names.join(", ")}`, value]),
    ...Object.entries(machine.packages).map(([image, versions]) => [
      `programs of ${image}`,
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ]),
  ];
  return tableOf("With what it ran", ["what", "value"], rows);
}

/** One row for each value of a setting, with the nodes that have it: most settings are the same on all. */
export function sysctlTable({ machine: { sysctls } }: RunRecord): DataTable {
  const settings = new Map<string, Record<string, string>>();
  for (const [key, value] of Object.entries(sysctls)) {
    const [node = "", name = ""] = key.split(": ");
    settings.set(name, { ...settings.get(name), [node]: value });
  }
  const nodes = new Set(Object.keys(sysctls).map((key) => key.split(": ")[0])).size;
  const rows = [...settings].flatMap(([name, values]) =>
    byValue(values).map(({ value, names }) => [
      name,
      value,
      names.length === nodes && nodes > 1 ? "all" : names.join(", "),
    ]),
  );
  return tableOf("Kernel settings of the nodes", ["setting", "value", "nodes"], rows);
}

function byValue(values: Readonly<Record<string, string>>): { value: string; names: string[] }[] {
  const groups = groupBy(Object.entries(values), ([, value]) => value);
  return [...groups].map(([value, of]) => ({ value, names: of.map(([name]) => name) }));
}

function clockText({ offsetMs, uncertaintyMs }: RunRecord["machine"]["clock"]): string {
  const side = offsetMs < 0 ? "behind" : "ahead of";
  return `${Math.abs(offsetMs).toFixed(2)} ms ${side} the CLI's, within ${uncertaintyMs.toFixed(2)} ms`;
}

function loadText({ mostLoad1, mostBusy, samples, everyS }: LoadFacts): string {
  if (mostLoad1 === null) return "not measured";
  const busy = mostBusy === null ? "" : `, processors at most ${Math.round(mostBusy * 100)} % busy`;
  return `at most ${mostLoad1.toFixed(2)} (1-minute average)${busy}; ${plural(samples, "sample")}, one every ${everyS} s`;
}
