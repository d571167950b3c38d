/** `mhlab report` of folders of checks: one anew, and several per requirement. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { evidenceFiles } from "../../../src/features/report/files.ts";
import { countVerdicts, type Check, type Result } from "../../../src/core/judge/check/verdict.ts";
import { checkFiles } from "../../../src/features/check/files.ts";
import { runRecord } from "../support/run-record.ts";
import { mhlab } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "mhlab-report-checks-"));
afterAll(() => rmSync(root, { recursive: true }));

function resultOf(id: string, verdict: Result["verdict"], reason = "5 packets as required"): Result {
  return {
    id,
    document: "RFC 7084",
    profile: "rfc7084",
    level: "MUST",
    title: `Title of ${id}`,
    verdict,
    reason,
    samples: 5,
    violations: verdict === "fail" ? 2 : 0,
    observed: [],
    evidence: [],
    attempts: [],
    phase: "lan",
    fromS: 5,
    toS: 10,
  };
}

function folderOf(name: string, results: readonly Result[], cpe = "home"): string {
  const folder = mkdtempSync(join(root, `${name}-`));
  const check: Check = {
    format: 1,
    lab: "two",
    cpe,
    mhlab: "0",
    tshark: "4.4",
    startedAt: "2026-12-03T06:00:00.000Z",
    durationS: 30,
    partial: false,
    profiles: { rfc7084: countVerdicts(results) },
    results: [...results],
  };
  for (const { path, content } of checkFiles(check)) writeFileSync(join(folder, path), content);
  return folder;
}

const OLD = folderOf("old", [
  resultOf("L-1", "pass"),
  resultOf("L-2", "fail", "2 of 5 packets are not as required"),
  resultOf("L-5", "pass"),
]);
const NEW = folderOf("new", [resultOf("L-1", "pass"), resultOf("L-2", "pass")]);

test("of one check it prints what the check printed, and writes its report", async () => {
  const { exitCode, stdout } = await mhlab(["report", OLD]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/✗ fail +RFC 7084 L-2 +MUST/);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(`the report is ${OLD}/report.md`);
  const page = await mhlab(["report", OLD, "--format", "md"]);
  expect(page.stdout).toBe(readFileSync(join(OLD, "report.md"), "utf8"));
});

test("two checks are compared per requirement: differences, then what only one has, then the rest", async () => {
  const { exitCode, stdout } = await mhlab(["report", OLD, NEW]);
  expect(exitCode).toBe(0);
  const rows = stdout.split("\n").flatMap((line) => /^RFC 7084 (L-\d)/.exec(line)?.[1] ?? []);
  expect(rows).toEqual(["L-2", "L-5", "L-1"]);
  const text = stdout.replaceAll(/\s+/g, " ");
  expect(text).toContain("1 of 3 requirements have different verdicts; 1 were not checked in all");
  expect(text).toContain(`RFC 7084 L-2, ${OLD}: fail, 2 of 5 packets are not as required`);
  expect(text).toContain(`RFC 7084 L-2, ${NEW}: pass, 5 packets as required`);
});

test("the same as data and as Markdown", async () => {
  const data = JSON.parse((await mhlab(["report", OLD, NEW, "--json"])).stdout) as {
    checks: { folder: string; results?: unknown }[];
    requirements: { id: string; differs: string; checks: ({ verdict: string } | null)[] }[];
  };
  expect(data.checks.map(({ folder, results }) => [folder, results])).toEqual([
    [OLD, undefined],
    [NEW, undefined],
  ]);
  expect(
    data.requirements.map(({ id, differs, checks }) => [id, differs, ...checks.map((one) => one?.verdict)]),
  ).toEqual([
    ["L-2", "verdict", "fail", "pass"],
    ["L-5", "coverage", "pass", undefined],
    ["L-1", "no", "pass", "pass"],
  ]);
  const file = join(root, "compared.md");
  await mhlab(["report", OLD, NEW, "-o", file]);
  const page = readFileSync(file, "utf8");
  expect(page).toContain("| RFC 7084 L-2 | MUST | Title of L-2 | **fail** | **pass** |");
  expect(page).toContain("| RFC 7084 L-5 | MUST | Title of L-5 | pass | not checked |");
  expect(page).toContain(`- ${OLD}: fail, 2 of 5 packets are not as required`);
});

test("what cannot be compared is refused, with the folder", async () => {
  const run = mkdtempSync(join(root, "run-"));
  for (const { path, content } of evidenceFiles(runRecord({ everyMs: 5000 })))
    writeFileSync(join(run, path), content);
  const mixed = await mhlab(["report", OLD, run]);
  expect([mixed.exitCode, mixed.stdout]).toEqual([2, ""]);
  expect(mixed.stderr.replaceAll(/\s+/g, " ")).toContain(`${run} is no folder of a check`);
  const page = await mhlab(["report", OLD, "-o", join(root, "page.html")]);
  expect(page.stderr).toContain("checks have no page");
  const broken = folderOf("broken", [{ ...resultOf("L-1", "pass"), level: "MAY" as "MUST" }]);
  const wrong = await mhlab(["report", broken, NEW]);
  expect([wrong.exitCode, wrong.stdout]).toEqual([2, ""]);
  expect(wrong.stderr).toContain("MHLAB_RUN_UNREADABLE");
  expect(wrong.stderr).toContain("check.json: results.0.level");
  writeFileSync(join(broken, "check.json"), "{");
  expect((await mhlab(["report", broken])).stderr).toContain("check.json: it is no JSON");
});

test("text of a folder does not steer the terminal", async () => {
  const folder = folderOf("hostile", [resultOf("L-1", "fail", "\u001B[2Jgone")], "\u001B]0;home");
  const { stdout } = await mhlab(["report", folder, NEW]);
  expect(stdout).toContain("gone");
  expect(stdout).not.toContain("\u001B");
});
