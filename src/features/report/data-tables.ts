/** The figures behind the pictures, as data: a head and rows of texts, which the page and the Markdown both print. */
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { pathsOf, type PathOutage, type ProbedPath } from "../../core/judge/evidence/paths.ts";
import { figuresOf, phasesOf, within } from "../../core/judge/evidence/phases.ts";
import { metricOf } from "../../core/judge/experiment/load-metrics.ts";
import { quantile } from "../../core/judge/experiment/statistics.ts";
import { nameOf } from "../../core/judge/load/summary.ts";
import { flowStories } from "./flow-rows.ts";
import { loadSeries } from "./load-rows.ts";
import { count, milliseconds, moment, percent, plural, span } from "./words.ts";

export interface DataTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table in a report that is longer is cut, and says so: all rows are in the CSV files. */
const MOST_ROWS = 400;

/** A table with its caption, cut to so many rows that the page stays readable. */
export function tableOf(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): DataTable {
  const more = rows.length - MOST_ROWS;
  if (more <= 0) return { caption, head, rows };
  return {
    caption: `${caption} (the first ${MOST_ROWS} of ${rows.length})`,
    head,
    rows: rows.slice(0, MOST_ROWS),
  };
}

/** A column of targets only where there are several. */
function targetCell(paths: readonly ProbedPath[]): (text: string) => readonly string[] {
  const several = new Set(paths.map(({ target }) => target)).size > 1;
  return (text) => (several ? [text] : []);
}

const ENDED = {
  answer: "",
  address: " (the address went)",
  silence: " (no probe after it)",
  run: " (the end)",
} as const;

/** When it began, ended and how much of it was measured, as far as that is known. */
function outageTimes({ fromS, untilS, endedBy, fromStart, unmeasuredS }: PathOutage): string[] {
  const unmeasured = unmeasuredS === 0 ? "" : `, ${span(unmeasuredS)} of it without probes`;
  return [
    `${moment(fromS)}${fromStart ? " or before (no earlier answer)" : ""}`,
    `${moment(untilS)}${ENDED[endedBy]}`,
    `${fromStart || endedBy !== "answer" ? "at least " : ""}${span(untilS - fromS)}${unmeasured}`,
  ];
}

/** Outages of single probes are a number: on a lossy line there are hundreds of them. */
export function outageTable(record: RunRecord): DataTable {
  const paths = pathsOf(record);
  const to = targetCell(paths);
  const rows = paths.flatMap(({ node, source, target, provider, outages }) =>
    outages
      .filter(({ lost }) => lost > 1)
      .map((outage) => [
        node,
        source,
        provider ?? "",
        ...to(target),
        ...outageTimes(outage),
        `± ${span(record.scenario.probes.everyMs / 1000)}`,
        count(outage.lost),
      ]),
  );
  const single = record.outages.filter(({ lost }) => lost === 1).length;
  const more = single === 0 ? "" : `; besides, ${plural(single, "single probe")} not answered`;
  return tableOf(
    `Outages of more than one probe${more}`,
    ["node", "source", "of", ...to("target"), "from", "to", "lasted", "resolution", "probes lost"],
    rows,
  );
}

/** What was due and is not in the record: probes that were not sent, and times in which an agent was not heard. */
export function gapTable({ probing, unheard, durationS }: RunRecord): DataTable {
  const rows = [
    ...probing.flatMap(({ node, target, due, sent, gaps }) =>
      gaps.map(([fromS, toS]) => [
        node,
        `probes to ${target}: ${count(sent)} of ${count(due)} sent`,
        moment(fromS),
        moment(toS),
      ]),
    ),
    ...unheard.map(({ node, fromS, toS }) => [
      node,
      "its state: the agent was not heard",
      moment(fromS),
      moment(toS ?? durationS),
    ]),
  ];
  return tableOf("Gaps in the record", ["node", "what is missing", "from", "to"], rows);
}

function timeCell(ns: number | null): string {
  return ns === null ? "" : milliseconds(ns);
}

export function phaseTable(record: RunRecord): DataTable {
  const phases = phasesOf(record);
  const paths = pathsOf(record);
  const used =
    phases.length * paths.length > MOST_ROWS ? [{ fromS: 0, toS: record.durationS, during: "" }] : phases;
  const to = targetCell(paths);
  const rows = paths.flatMap(({ node, source, target, probes }) =>
    used.flatMap((phase, index) => {
      const inside = within(phase, probes, index === used.length - 1);
      const figures = figuresOf(inside);
      if (figures.probes === 0) return [];
      const { noAnswer, notSent, arrived, answered } = figures;
      return [
        [
          node,
          source,
          ...to(target),
          `${phase.fromS.toFixed(1)}\u2013${phase.toS.toFixed(1)} s`,
          phase.during,
          count(figures.probes),
          count(answered),
          `${count(noAnswer)} (${percent(noAnswer, figures.probes - notSent)})`,
          count(notSent),
          count(arrived),
          timeCell(figures.medianNs),
          timeCell(figures.p95Ns),
          timeCell(figures.mostNs),
        ],
      ];
    }),
  );
  const head = [
    "node",
    "source",
    ...to("target"),
    "when",
    "during",
    "probes",
    "answered",
    "no answer",
    "not sent",
  ];
  return tableOf("Probes by source and phase", [...head, "arrived", "median", "95 %", "most"], rows);
}

export function flowTable(record: RunRecord): DataTable {
  const rows = flowStories(record).map(({ id, about, end, answered, lost, stallS }) => [
    id,
    about,
    end,
    count(answered),
    count(lost),
    stallS === null ? "" : span(stallS),
  ]);
  return tableOf("Flows", ["flow", "what", "end", "answered", "lost", "longest stall"], rows);
}

export function loadTable(record: RunRecord): DataTable {
  const rows = loadSeries(record).map(({ load, metric, samples }) => {
    const values = samples.map(({ value }) => value);
    const { text } = metricOf(metric);
    const at = (share: number): string => text(quantile(values, share) ?? 0);
    return [load, nameOf(metric), count(values.length), at(0), at(0.5), at(0.95), at(1)];
  });
  return tableOf(
    "Loads, as their tools measured",
    ["load", "what", "samples", "least", "median", "95 %", "most"],
    rows,
  );
}

export function stepTable({ steps }: RunRecord): DataTable {
  const rows = steps.map(({ id, text, plannedS, startedS, endedS, outcome, detail, exitCode }) => [
    id,
    text,
    plannedS === null ? "" : moment(plannedS),
    outcome === "not-reached" ? "" : moment(startedS),
    endedS === null ? "" : moment(endedS),
    exitCode === null ? outcome : `${outcome} (exit code ${exitCode})`,
    detail ?? "",
  ]);
  return tableOf("Steps", ["step", "what", "planned", "started", "ended", "outcome", "detail"], rows);
}

export function factTable({ facts }: RunRecord): DataTable {
  const rows = facts.map(({ atS, node, kind, subject, provider, state }) => [
    moment(atS),
    node,
    kind,
    subject,
    provider ?? "",
    state ?? "gone",
  ]);
  return tableOf(
    "Addresses, routers, delegations and prefixes",
    ["at", "node", "kind", "which", "of", "state"],
    rows,
  );
}

/** Probes that left late or not at all: what the sender's machine did to the measurement. */
export function sendingTable({ probes, nodes, scenario, sending = [] }: RunRecord): DataTable {
  const lateNs = scenario.probes.everyMs * 1e6;
  const rows = nodes.flatMap((node) => {
    const waits = probes.filter((one) => one.node === node).map(({ waitedNs }) => waitedNs ?? 0);
    if (waits.length === 0) return [];
    const { skipped = 0, dropped = 0 } = sending.find((one) => one.node === node) ?? {};
    const late = waits.filter((wait) => wait > lateNs).length;
    const longest = waits.reduce((most, wait) => Math.max(most, wait), 0);
    return [[node, count(waits.length), count(late), milliseconds(longest), count(skipped), count(dropped)]];
  });
  return tableOf(
    "How probes were sent (late: left more than an interval after they were due)",
    ["node", "probes", "late", "longest wait", "skipped", "answers dropped"],
    rows,
  );
}

export function leakTable({ leaks }: RunRecord): DataTable {
  const rows = Object.entries(leaks).flatMap(([port, { up, down, addresses }]) => [
    [port, "up", count(up), "all", ""],
    [port, "down", count(down), "all", ""],
    ...addresses.map(({ direction, address, packets, provider }) => [
      port,
      direction,
      count(packets),
      address,
      provider ?? "nobody",
    ]),
  ]);
  return tableOf("Leaks at the providers' ports", ["port", "direction", "packets", "address", "of"], rows);
}
