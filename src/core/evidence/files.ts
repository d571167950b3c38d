import type { RunRecord } from "../experiment/model.ts";
import { writeTable } from "./columns.ts";
import { writeFlent } from "./flent.ts";
import type { Content, Format } from "./format.ts";
import { writeHpct } from "./hpct.ts";
import { writeJunit } from "./junit.ts";
import { reportMarkdown } from "./markdown.ts";
import { writeOpenMetrics } from "./openmetrics.ts";
import { reportPage } from "./page.ts";
import { writeResult } from "./result.ts";
import { writeRunJson } from "./run-json.ts";
import { FACTS, FLOWS, PROBES } from "./tables.ts";
import { writeTap } from "./tap.ts";

/** Every file that follows from a record. Adding a format is a line here; docs/run-folder.md is written from it. */
export const FORMATS: readonly Format[] = [
  {
    path: "report.html",
    what: "The report: verdicts, a timeline to scale, and tables; one page that needs nothing else.",
    reader: "a browser",
    write: (record) => reportPage([record]),
  },
  {
    path: "report.md",
    what: "The same in words and tables.",
    reader: "a forge, an editor",
    write: (record) => reportMarkdown([record]),
  },
  {
    path: "run.json",
    what: "The record but for its tables: lab and scenario as text, versions, steps, bands, outages, verdicts.",
    reader: "anyone; `mhlab report` and `mhlab run --replay`",
    write: writeRunJson,
  },
  {
    path: PROBES.path,
    what: "One row for each probe.",
    reader: "pandas, R, a spreadsheet",
    write: ({ probes }) => writeTable(PROBES, probes),
  },
  {
    path: FLOWS.path,
    what: "One row for each message of a flow, or what happened to its connection.",
    reader: "the same",
    write: ({ flows }) => writeTable(FLOWS, flows),
  },
  {
    path: FACTS.path,
    what: "One row for each change of an address, router, delegation, prefix or readiness.",
    reader: "the same",
    write: ({ facts }) => writeTable(FACTS, facts),
  },
  {
    path: "probes.hpct",
    what: "The probes as HiPerConTracer writes them (`#? HPCT Ping 2`).",
    reader: "HiPerConTracer's `hpct-results`, `hpct-viewer` and importer",
    write: writeHpct,
  },
  {
    path: "run.flent.gz",
    what: "The round trips as flent keeps them (version 4), a series for each source.",
    reader: "`flent -i run.flent.gz -p ping`, flent-gui",
    gzip: true,
    write: writeFlent,
  },
  {
    path: "metrics.om",
    what: "Probes, states, bands and verdicts as OpenMetrics with time stamps.",
    reader: "`promtool tsdb create-blocks-from openmetrics metrics.om`, then Grafana",
    write: writeOpenMetrics,
  },
  {
    path: "result.json",
    what: "What it came to: verdicts, outages, counts of each source.",
    reader: "scripts",
    write: writeResult,
  },
  { path: "junit.xml", what: "The verdicts as JUnit has them.", reader: "CI", write: writeJunit },
  {
    path: "result.tap",
    what: "The verdicts by the Test Anything Protocol, version 14; expected failures are TODO.",
    reader: "`prove`, CI",
    write: writeTap,
  },
];

export interface EvidenceFile {
  readonly path: string;
  readonly content: Content;
  /** Whoever writes it compresses it first. */
  readonly gzip?: true;
}

/** All files of a run's folder that follow from its record, made one after the other. */
export function* evidenceFiles(record: RunRecord): Generator<EvidenceFile> {
  for (const { path, gzip, write } of FORMATS)
    yield { path, content: write(record), ...(gzip === undefined ? {} : { gzip }) };
}
