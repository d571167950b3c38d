/** The ledger of unsteady tests, and that the runner counts one as failed that is unsteady again. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

interface Entry {
  readonly file: string;
  readonly test: string | null;
  readonly cause: string;
  readonly fixed?: string;
  readonly stays?: string;
}

const entries = parse(readFileSync("test/unsteady.yaml", "utf8")) as Entry[];
const folder = mkdtempSync(join(tmpdir(), "mhlab-unsteady-"));

test("each entry is of a test that there is, with its cause, and was fixed or stays", () => {
  const wrong = entries.filter(({ file, test: name, cause, fixed, stays }) => {
    const source = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    // A name with a bracket is made of a table, and so may be the first word, a group's.
    const isThere =
      source !== undefined &&
      (name === null ||
        name.startsWith("[") ||
        [name, name.replace(/^\S+ /, "")].some((one) => source.includes(one)));
    const ends = [fixed, stays].filter((text) => (text ?? "").trim() !== "");
    return !isThere || cause.trim() === "" || ends.length !== 1;
  });
  expect(wrong).toEqual([]);
});

function report(name: string, file: string, fullName: string, status: string): string {
  const path = join(folder, name);
  const assertionResults = [{ status, fullName, failureMessages: ["Error: once"] }];
  const testResults = [{ name: join(process.cwd(), file), status, message: "", assertionResults }];
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

function counted(file: string, name: string): string {
  const reports = [report("first", file, name, "failed"), report("again", file, name, "passed")];
  return execFileSync(process.execPath, ["scripts/test-report.mjs", "count", "0", ...reports], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

test.each(entries.map((entry) => [entry.test ?? "the file", entry] as const))("unsteady: %s", (_, entry) => {
  expect(counted(entry.file, entry.test ?? "")).toBe(entry.stays === undefined ? "1 1" : "1 0");
});

test("one that the ledger does not have is reported, and passes this once", () => {
  expect(counted("test/system/ip.test.ts", "new")).toBe("1 0");
});
