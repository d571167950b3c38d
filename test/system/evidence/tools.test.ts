/** The files of a run's folder, read by the tools that people open them with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evidenceFiles } from "../../../src/features/report/files.ts";
import type { RunRecord } from "../../../src/core/judge/scenario/record.ts";
import { runRecord } from "../../unit/support/run-record.ts";

const folder = mkdtempSync(join(tmpdir(), "mhlab-evidence-"));
const plain = runRecord();
/** Texts that a format could stumble over. */
const RECORD: RunRecord = {
  ...plain,
  lab: 'a "lab", of <two> & \\ more\nlines',
  flows: [
    ...plain.flows.map((flow, index) =>
      index === 3 ? { ...flow, detail: 'it said "no",\r\nand left' } : flow,
    ),
    // What waited for the link leaves at once: many samples in one millisecond.
    ...Array.from({ length: 40 }, (_, index) => ({
      flow: "waited",
      atNs: 50_000_000_000 + index * 90_000,
      event: "answered" as const,
      rttNs: 12_000_000 + index,
      detail: null,
    })),
  ],
};

beforeAll(() => {
  for (const { path, content, gzip } of evidenceFiles(RECORD))
    writeFileSync(join(folder, path), gzip === true ? gzipSync(content) : content);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a program prints; it must end well. Debian's Python, for its packages are of it. */
async function output(program: string, ...args: string[]): Promise<string> {
  return (await execa(program, args, { cwd: folder, timeout: 60_000 })).stdout;
}

async function python(script: string): Promise<unknown> {
  return JSON.parse(await output("/usr/bin/python3", "-c", `import json\n${script}`));
}

test("Python's csv reads every row of the tables, and every character", async () => {
  const rows = await python(`
import csv
def rows(name): return list(csv.DictReader(open(name, newline=""), strict=True))
probes, flows, facts = rows("probes.csv"), rows("flows.csv"), rows("facts.csv")
answered = [p for p in probes if p["outcome"] == "answered"]
print(json.dumps([len(probes), len(flows), len(facts), flows[3]["detail"], len(answered), answered[0]]))`);
  const [first] = RECORD.probes;
  expect(rows).toEqual([
    RECORD.probes.length,
    RECORD.flows.length,
    RECORD.facts.length,
    RECORD.flows[3]?.detail,
    RECORD.probes.filter(({ outcome }) => outcome === "answered").length,
    expect.objectContaining({ sent_s: `0.${String(first?.sentNs).padStart(9, "0")}`, source: first?.source }),
  ]);
});

test("flent reads the series of each source, and knows them by its own test", async () => {
  // It prints units only of series that are in the test's own list, which its plots are made of.
  const summary = await output("flent", "-i", "run.flent.gz", "-f", "summary");
  expect(summary).toContain("Title: 'silent-upstream'");
  const alpha = RECORD.probes.filter(
    ({ source, outcome }) => source === "2001:db8:a:1::1" && outcome === "answered",
  );
  expect(summary).toMatch(
    new RegExp(
      `Ping \\(ms\\) ICMP home 2001-db8-a-1--1 +: +1\\d\\.\\d\\d +1\\d\\.\\d\\d +[\\d.]+ ms +${alpha.length}$`,
      "m",
    ),
  );
  const csv = await output("flent", "-i", "run.flent.gz", "-f", "csv");
  expect(csv.trim().split("\n").at(-1)).toMatch(/^89\.9/);
});

test("promtool makes a block of all samples of metrics.om", async () => {
  const lines = readFileSync(join(folder, "metrics.om"), "utf8").trimEnd().split("\n");
  const samples = lines.filter((line) => !line.startsWith("#")).length;
  expect(samples).toBeGreaterThan(RECORD.probes.length);
  const blocks = await output("promtool", "tsdb", "create-blocks-from", "openmetrics", "metrics.om", "tsdb");
  const [, ...made] = blocks.trim().split("\n");
  // A block ends at each full two hours.
  const counted = made.map((line) => Number(line.split(/\s{2,}/)[4]));
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(samples);
});

test("xmllint and Python read the same of junit.xml", async () => {
  await output("xmllint", "--noout", "junit.xml");
  const read = await python(`
import xml.etree.ElementTree as tree
suite = tree.parse("junit.xml").getroot()[0]
lab = [p.get("value") for p in suite.iter("property") if p.get("name") == "lab"]
print(json.dumps([suite.attrib["tests"], suite.attrib["failures"], suite.attrib["skipped"], len(suite.findall("testcase")), lab]))`);
  expect(read).toEqual(["6", "1", "1", 6, ['a "lab", of <two> & \\ more lines']]);
});

test("prove reads result.tap: one test failed, and an expected failure did not", async () => {
  const { stdout, exitCode } = await execa("prove", ["-v", "-e", "cat", "result.tap"], {
    cwd: folder,
    reject: false,
  });
  expect(exitCode).toBe(1);
  expect(stdout).toContain("Failed 1/6 subtests");
  expect(stdout).toMatch(/Failed test: +6$/m);
});

test("the columns of probes.hpct are HiPerConTracer's", async () => {
  const lines = readFileSync(join(folder, "probes.hpct"), "utf8").trimEnd().split("\n");
  const read = await python(`
import ipaddress
head, *lines = open("probes.hpct").read().splitlines()
rows = [line.split(" ") for line in lines]
for row in rows:
    ipaddress.IPv6Address(row[2]); ipaddress.IPv6Address(row[3])
answered = [row for row in rows if row[12] == "255"]
print(json.dumps([head, len(rows), {len(row) for row in rows} == {20}, int(rows[0][4], 16) // 10**9, min(int(row[17]) for row in answered) > 10**7]))`);
  expect(read).toEqual(["#? HPCT Ping 2 mhlab/0.1.0", lines.length - 1, true, 1_795_867_200, true]);
});
