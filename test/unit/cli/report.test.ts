/** `mhlab report`: a run's report anew, and several compared, from nothing but folders. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { evidenceFiles } from "../../../src/features/report/files.ts";
import { reportPage } from "../../../src/features/report/page.ts";
import type { RunRecord } from "../../../src/core/judge/scenario/record.ts";
import { runRecord } from "../support/run-record.ts";
import { mhlab } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "mhlab-report-"));
afterAll(() => rmSync(root, { recursive: true }));

const ONE = runRecord({ everyMs: 5000, variables: { cpe: "bundled" } });
const OTHER = runRecord({ everyMs: 5000, noticedS: 1.1, variables: { cpe: "networkd" } });

function folderOf(record: RunRecord): string {
  const folder = mkdtempSync(join(root, "run-"));
  for (const { path, content } of evidenceFiles(record)) writeFileSync(join(folder, path), content);
  return folder;
}

test("of one folder it makes the page that the run left", async () => {
  const { exitCode, stdout, stderr } = await mhlab(["report", folderOf(ONE), "--format", "html"]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(reportPage([ONE]));
});

test("without a format it prints a table, of one run and of several", async () => {
  const [one, other] = [folderOf(ONE), folderOf(OTHER)];
  const single = await mhlab(["report", one]);
  expect(single.exitCode).toBe(0);
  expect(single.stdout).toMatch(/^✓ passed {2}.*\n {4}measured: /);
  expect(single.stdout).toContain(`the record is in ${one}`);
  const { stdout } = await mhlab(["report", one, other]);
  expect(stdout).not.toContain("<html");
  expect(stdout).toMatch(/^RUN +RESULT\n/);
  expect(stdout).toMatch(/cpe=networkd +1 of 1 +1\.1 s/);
});

test("-o takes the format from the name of the file", async () => {
  const file = join(root, "report.md");
  await mhlab(["report", folderOf(ONE), "-o", file]);
  expect(readFileSync(file, "utf8")).toMatch(/^# /);
});

test("-o writes the same into a file and says where", async () => {
  const file = join(root, "new", "report.html");
  const { exitCode, stdout } = await mhlab(["report", folderOf(ONE), "-o", file]);
  expect([exitCode, stdout]).toEqual([0, `${file}\n`]);
  expect(readFileSync(file, "utf8")).toBe(reportPage([ONE]));
});

test("of several it compares; as Markdown and as data, too", async () => {
  const folders = [folderOf(ONE), folderOf(OTHER)];
  expect((await mhlab(["report", ...folders, "--format", "html"])).stdout).toBe(reportPage([ONE, OTHER]));
  expect((await mhlab(["report", ...folders, "--format", "md"])).stdout).toContain(
    "| cpe=networkd | 1 | 0 | 1.10 s | needs six values |",
  );
  const data = JSON.parse((await mhlab(["report", ...folders, "--json"])).stdout) as {
    runs: { scenario: string; result: string }[];
    comparisons: { expectation: string; groups: { label: string; values: number[] }[] }[];
  };
  expect(data.runs.map(({ scenario, result }) => [scenario, result])).toEqual([
    ["silent-upstream", "failed"],
    ["silent-upstream", "failed"],
  ]);
  expect(data.comparisons[0]).toMatchObject({
    expectation: "alpha-deprecated",
    groups: [
      { label: "cpe=bundled", values: [3.2] },
      { label: "cpe=networkd", values: [1.1] },
    ],
  });
});

test("a folder that is none is told by its name, and nothing is written", async () => {
  const broken = folderOf(ONE);
  writeFileSync(join(broken, "probes.csv"), "a,b\r\n");
  const file = join(root, "none.html");
  const { exitCode, stdout, stderr } = await mhlab(["report", folderOf(ONE), broken, "-o", file]);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("MHLAB_RUN_UNREADABLE");
  expect(stderr).toContain("probes.csv:1: the head has no column sent_s");
  expect(stderr.replaceAll(/\s+/g, "")).toContain(broken);
  expect(() => readFileSync(file)).toThrow("ENOENT");
  expect((await mhlab(["report", join(root, "nowhere")])).exitCode).toBe(2);
});
