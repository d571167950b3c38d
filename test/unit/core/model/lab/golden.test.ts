import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LAB_CODES } from "../../../../../src/core/model/error-codes.ts";
import { formatPrefix6, formatIp6, type Prefix6 } from "../../../../../src/core/model/ip6.ts";
import { parseLab } from "../../../../../src/core/model/lab/parse.ts";
import { formatDiagnostics } from "../../../../../src/cli/views/diagnostics.ts";
import { golden, GOLDEN, GOLDEN_ENV, goldenNames } from "./golden.ts";

const read = (folder: string, name: string): string =>
  readFileSync(join(GOLDEN, folder, `${name}.yaml`), "utf8");

function isPrefix(value: object): value is Prefix6 {
  return "bits" in value && "length" in value && Object.keys(value).length === 2;
}

/** Prefixes and addresses as text, so that a person can judge the file. */
function readable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return formatIp6(value);
  return typeof value === "object" && value !== null && isPrefix(value) ? formatPrefix6(value) : value;
}

describe("good labs", () => {
  test.each(goldenNames("labs"))("%s", (name) => {
    const parsed = parseLab(read("labs", name), { file: "lab.yaml", env: GOLDEN_ENV });
    expect(parsed.diagnostics).toBeUndefined();
    const actual = `${JSON.stringify(parsed.lab, readable, 2)}\n`;
    expect(actual).toBe(golden(`test/golden/labs/${name}.json`, actual));
  });

  test("there are at least eight", () => {
    expect(goldenNames("labs").length).toBeGreaterThanOrEqual(8);
  });
});

describe("broken labs", () => {
  const seen = new Set<string>();

  test.each(goldenNames("errors"))("%s", (name) => {
    const { diagnostics = [] } = parseLab(read("errors", name), { file: "lab.yaml", env: GOLDEN_ENV });
    expect(diagnostics).not.toHaveLength(0);
    for (const { code } of diagnostics) seen.add(code);
    const actual = formatDiagnostics(diagnostics, { colour: false });
    expect(actual).toBe(golden(`test/golden/errors/${name}.txt`, actual));
  });

  test("every code is shown by one of them", () => {
    expect(LAB_CODES.filter((code) => !seen.has(code))).toEqual([]);
  });

  test("no output is left over from a lab that is gone", () => {
    const outputs = readdirSync(join(GOLDEN, "errors")).filter((file) => file.endsWith(".txt"));
    expect(outputs.map((file) => file.slice(0, -".txt".length)).sort()).toEqual(goldenNames("errors"));
  });
});
