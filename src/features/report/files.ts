import {
  EVENTS_FILE,
  IMAGES_FILE,
  INPUTS,
  LOADS_FOLDER,
  SUMS_FILE,
} from "../../core/judge/experiment/file-names.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { writeTable } from "../../core/judge/evidence/columns.ts";
import { writeFlent } from "./flent.ts";
import type { Content, FolderFile, Format } from "./format.ts";
import { writeHpct } from "./hpct.ts";
import { writeJunit } from "./junit.ts";
import { reportMarkdown } from "./markdown.ts";
import { writeOpenMetrics } from "./openmetrics.ts";
import { reportPage } from "./page.ts";
import { writeResult } from "./result.ts";
import { writeCrate } from "./ro-crate.ts";
import { writeReadme } from "./readme.ts";
import { writeRunJson } from "../../core/judge/evidence/run-json.ts";
import { FACTS, FLOWS, LOADS, PROBES } from "../../core/judge/evidence/tables.ts";
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
    path: "README.md",
    what: "What this folder is, which file is what, and how to repeat the run.",
    reader: "whoever gets the folder",
    write: writeReadme,
  },
  {
    path: "ro-crate-metadata.json",
    what: "The same for programs: an RO-Crate 1.2 of the profile Process Run Crate.",
    reader: "repositories of data, ro-crate tools",
    write: writeCrate,
  },
  {
    path: "run.json",
    what: "The record but for its tables: lab and scenario as text, versions, steps, bands, outages, verdicts.",
    reader: "anyone; `mhlab report` and `mhlab run --replay`",
    write: writeRunJson,
  },
  {
    path: "scenario.yaml",
    what: "The scenario as it was written.",
    reader: "an editor",
    write: ({ scenarioText }) => scenarioText,
  },
  {
    path: "lab.yaml",
    what: "The lab file as it was written.",
    reader: "an editor; `mhlab up`",
    write: ({ labText }) => labText,
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
    path: LOADS.path,
    what: "One row for each value that the tool of a load measured.",
    reader: "the same",
    write: ({ loads }) => writeTable(LOADS, loads),
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

/** All files of a run's folder that follow from its record, made one after the other. `others` are the paths of those that lie there. */
export function* evidenceFiles(record: RunRecord, others: readonly string[] = []): Generator<EvidenceFile> {
  const made = new Set(FORMATS.map(({ path }) => path));
  const files = [...FORMATS, ...others.filter((path) => !made.has(path)).map(otherFile), SUMS];
  for (const { path, gzip, write } of FORMATS)
    yield { path, content: write(record, files), ...(gzip === undefined ? {} : { gzip }) };
}

const SUMS: FolderFile = {
  path: SUMS_FILE,
  what: "SHA-256 of every other file; without it the folder is not complete.",
  reader: "`sha256sum -c SHA256SUMS`",
};

/** What is in a file that does not follow from the record. */
function otherFile(path: string): FolderFile {
  if (path === EVENTS_FILE)
    return { path, what: "What the agents of the nodes said, as it came.", reader: "`jq`" };
  if (path === IMAGES_FILE)
    return {
      path,
      what: "The images of all nodes, as an OCI archive.",
      reader: "`mhlab run --replay . --with-images`, `docker load`",
    };
  if (path.startsWith(`${LOADS_FOLDER}/`))
    return { path, what: "The output of a load's tool, unchanged.", reader: "the tool's own readers" };
  if (path.startsWith(`${INPUTS}/`))
    return { path, what: "A file that the scenario copies into a node.", reader: "`mhlab run --replay`" };
  if (path.endsWith(".pcapng"))
    return { path, what: "Packets of a link, with the steps as comments.", reader: "Wireshark, tshark" };
  return { path, what: "Saved by a step of the scenario.", reader: "see the scenario" };
}
