import { MhlabError } from "../../model/errors.ts";
import type { RunRecord } from "../scenario/record.ts";
import { readTable, type Table } from "./columns.ts";
import { NoCsv } from "./csv.ts";
import { NoRecord, readRunJson } from "./run-json.ts";
import { FACTS, FLOWS, LOADS, PROBES } from "./tables.ts";

const RUN_JSON = "run.json";
/** Of a folder of several runs. */
const INDEX_JSON = "index.json";

/** The files of a run's folder from which its record is read. */
export const RECORD_FILES: readonly string[] = [RUN_JSON, PROBES.path, FLOWS.path, LOADS.path, FACTS.path];

/**
 * The record that a folder of a run holds. `read` gives the text of a file in it, undefined when there is none. Throws
 * MhlabError with file and place for what is missing or wrong.
 */
export function readRecord(read: (path: string) => string | undefined): RunRecord {
  const file = (path: string): string => {
    const found = read(path);
    if (found === undefined) throw refused(path, "there is no such file");
    return found;
  };
  const rows = <Row>(table: Table<Row>): Row[] => {
    const content = file(table.path);
    try {
      return readTable(table, content);
    } catch (error) {
      if (error instanceof NoCsv) throw refused(`${table.path}:${error.line}`, error.message);
      throw error;
    }
  };
  const content = read(RUN_JSON);
  if (content === undefined)
    throw new MhlabError("MHLAB_RUN_UNREADABLE", `this is no folder of a run: it has no ${RUN_JSON}`, {
      hint:
        read(INDEX_JSON) === undefined
          ? "name a folder that `mhlab run` wrote, such as one of those in runs/"
          : "it holds the folders of several runs: name those, such as FOLDER/1 FOLDER/2",
    });
  try {
    const rest = readRunJson(content);
    return { ...rest, probes: rows(PROBES), flows: rows(FLOWS), loads: rows(LOADS), facts: rows(FACTS) };
  } catch (error) {
    if (error instanceof NoRecord) throw refused(RUN_JSON, error.message);
    throw error;
  }
}

function refused(place: string, why: string): MhlabError {
  return new MhlabError("MHLAB_RUN_UNREADABLE", `${place}: ${why}`, {
    hint: "name a folder that `mhlab run` wrote; `sha256sum -c SHA256SUMS` in it finds files that were changed",
  });
}
