import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { runShelf } from "../../../../src/adapters/files/run-shelf.ts";

const temporary = (): string => mkdtempSync(join(tmpdir(), "mhlab-shelf-"));
function write(file: string, content = ""): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
const ids = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id).sort();

test("runs and series are found; a folder that is not there holds none", async () => {
  const root = temporary();
  write(join(root, "first/run.json"), "{}");
  write(join(root, "first/inputs/file"));
  write(join(root, "twenty/index.json"));
  write(join(root, "twenty/1-1/run.json"));
  write(join(root, ".hidden/run.json"));
  write(join(root, "a-file"));
  const { runs, series } = await runShelf(root).list();
  expect(ids(runs)).toEqual(["first", "first/inputs", "twenty/1-1"]);
  expect(ids(series)).toEqual(["twenty"]);
  expect(await runShelf(join(root, "nowhere")).list()).toEqual({ runs: [], series: [] });
  await expect(runShelf(join(root, "a-file")).list()).rejects.toThrow("cannot read");
});

test("what changed in a folder has another stamp, also when it was looked into before", async () => {
  const root = temporary();
  write(join(root, "twenty/1/run.json"));
  const old = new Date("2026-01-01");
  utimesSync(join(root, "twenty"), old, old);
  const shelf = runShelf(root);
  const before = await shelf.list();
  expect(before.runs.map(({ id, settled }) => [id, settled])).toEqual([
    ["twenty", true],
    ["twenty/1", false],
  ]);
  expect(await shelf.list()).toEqual(before);
  write(join(root, "twenty/2/run.json"));
  write(join(root, "twenty/index.json"));
  const after = await shelf.list();
  expect([ids(after.runs), ids(after.series)]).toEqual([["twenty/1", "twenty/2"], ["twenty"]]);
  expect(after.series[0]?.stamp).not.toBe(before.runs[0]?.stamp);
});

test("a look tells what a run has", async () => {
  const root = temporary();
  write(join(root, "first/run.json"), "record");
  write(join(root, "first/progress.json"), "progress");
  const shelf = runShelf(root);
  expect(await shelf.look("first")).toEqual({
    sealed: false,
    report: false,
    progressMs: expect.any(Number) as number,
    progress: "progress",
    record: "record",
  });
  write(join(root, "first/SHA256SUMS"));
  write(join(root, "first/report.html"), "<p>");
  expect(await shelf.look("first")).toMatchObject({ sealed: true, report: true });
  expect(String(await shelf.report("first"))).toBe("<p>");
});

const SECRET = "secret";

test.each([
  "..",
  ".",
  "",
  "../beside",
  "first/../../beside",
  "/etc",
  "first/..",
  "a/b/c",
  "..\\x",
  "first\0",
])("a name leads nowhere else: %j", async (id) => {
  const root = join(temporary(), "runs");
  for (const name of ["run.json", "report.html", "progress.json", "SHA256SUMS"])
    for (const place of ["../beside", "..", ".", "a/b/c"]) write(join(root, place, name), SECRET);
  write(join(root, "first/run.json"));
  const shelf = runShelf(root);
  expect(await shelf.report(id)).toBeUndefined();
  expect(await shelf.look(id)).toMatchObject({ progress: undefined, record: undefined, sealed: false });
});

test("links lead nowhere else, and a pipe keeps nobody waiting", async () => {
  const root = join(temporary(), "runs");
  write(join(root, "../beside/report.html"), SECRET);
  write(join(root, "first/run.json"));
  symlinkSync("../beside", join(root, "linked"));
  symlinkSync("../../beside/report.html", join(root, "first/report.html"));
  execFileSync("mkfifo", [join(root, "first/progress.json")]);
  const shelf = runShelf(root);
  expect(ids((await shelf.list()).runs)).toEqual(["first"]);
  expect(await shelf.report("first")).toBeUndefined();
  expect(await shelf.look("first")).toMatchObject({ report: false, progress: undefined });
});
