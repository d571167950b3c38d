/** A folder gives back the record that it was written of, or says at which place it does not. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsv, csvLine } from "../../../../../src/core/judge/evidence/csv.ts";
import { evidenceFiles } from "../../../../../src/features/report/files.ts";
import { readRecord } from "../../../../../src/core/judge/evidence/read.ts";
import { MhlabError } from "../../../../../src/core/model/errors.ts";
import { runRecord } from "../../../support/run-record.ts";
import { ANY_RECORD } from "../../../support/any-record.ts";

const RECORD_PATHS = new Set(["run.json", "probes.csv", "flows.csv", "loads.csv", "facts.csv"]);

function folderOf(record: Parameters<typeof evidenceFiles>[0]): Map<string, string> {
  const files = [...evidenceFiles(record)].filter(({ path }) => RECORD_PATHS.has(path));
  return new Map(files.map(({ path, content }) => [path, String(content)]));
}

test("any record comes back as it was", () => {
  fc.assert(
    fc.property(ANY_RECORD, (record) => {
      const folder = folderOf(record);
      expect(readRecord((path) => folder.get(path))).toEqual(record);
    }),
    { numRuns: 60 },
  );
});

test("a whole run comes back as it was, to the nanosecond", () => {
  const record = runRecord({ durationS: 75 });
  const folder = folderOf(record);
  expect(readRecord((path) => folder.get(path))).toEqual(record);
});

test("cells come back as they were, whatever is in them", () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('"', ",", "\r\n", "\n", 'a"b,c\n', ""));
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
      // A row of one empty cell is an empty line, which is no row in every reader.
      const text = rows.map(csvLine).join("");
      expect([...readCsv(text)].map(({ cells }) => cells)).toEqual(rows);
    }),
  );
});

describe("what is wrong is refused with its place", () => {
  const folder = folderOf(runRecord({ everyMs: 10_000 }));
  const changed = (path: string, change: (text: string) => string | undefined): unknown => {
    const read = (wanted: string): string | undefined =>
      wanted === path ? change(folder.get(wanted) ?? "") : folder.get(wanted);
    try {
      return readRecord(read);
    } catch (error) {
      if (error instanceof MhlabError) return `${error.code} ${error.exitCode} ${error.message}`;
      throw error;
    }
  };
  const CODE = "MHLAB_RUN_UNREADABLE 2 ";

  test.each([
    ["run.json", () => undefined, `${CODE}this is no folder of a run: it has no run.json`],
    ["facts.csv", () => undefined, `${CODE}facts.csv: there is no such file`],
    ["probes.csv", () => "", `${CODE}probes.csv:1: it is empty: even a table without rows has a head`],
    [
      "probes.csv",
      (text: string) => text.replace("outcome", "what"),
      `${CODE}probes.csv:1: the head has no column outcome`,
    ],
    [
      "probes.csv",
      (text: string) => text.replace(",answered,", ",perhaps,"),
      `${CODE}probes.csv:2: outcome is "perhaps", not \`answered\`, \`no-answer\`, \`not-sent\``,
    ],
    [
      "flows.csv",
      (text: string) => `${text}1.5,a\r\n`,
      /^MHLAB_RUN_UNREADABLE 2 flows\.csv:\d+: the row has 2 cells, the head 5$/,
    ],
    ["facts.csv", (text: string) => `${text}"`, /facts\.csv:\d+: a quote is not closed/],
    ["run.json", (text: string) => text.slice(0, 300), /run\.json: .*JSON/],
    ["run.json", (text: string) => text.replace('"format": 1', '"format": 2'), /run\.json: format: /],
    ["run.json", (text: string) => text.replace('"seed": 7', '"seed": "x"'), /run\.json: scenario\.seed: /],
    [
      "run.json",
      (text: string) => text.replace('"to": "2001:db8:bb::/48"', '"to": "x"'),
      `${CODE}run.json: scenario.steps.1.order.to: is no IPv6 prefix`,
    ],
  ] as const)("%s", (path, change, message) => {
    expect(changed(path, change)).toMatch(message);
  });

  test("a folder of several runs says which to name", () => {
    const hintOf = (names: readonly string[]): string | undefined => {
      try {
        readRecord((wanted) => (names.includes(wanted) ? "{}" : undefined));
      } catch (error) {
        return (error as MhlabError).hint;
      }
      return undefined;
    };
    expect(hintOf(["index.json"])).toContain("FOLDER/1 FOLDER/2");
    expect(hintOf([])).toContain("runs/");
  });

  test("columns of a later version are passed over", () => {
    const later = (text: string): string =>
      text
        .split("\r\n")
        .map((line, index) => (line === "" ? "" : `${line},${index === 0 ? "more" : "x"}`))
        .join("\r\n");
    expect(changed("probes.csv", later)).toEqual(changed("probes.csv", (text) => text));
  });
});
