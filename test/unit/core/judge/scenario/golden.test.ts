import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SCENARIO_CODES } from "../../../../../src/core/model/error-codes.ts";
import { parseScenario } from "../../../../../src/core/judge/scenario/parse.ts";
import { formatDiagnostics } from "../../../../../src/cli/views/diagnostics.ts";
import { golden, GOLDEN, goldenNames } from "../../model/lab/golden.ts";
import { LAB } from "./lab.ts";

describe("broken scenarios", () => {
  const seen = new Set<string>();

  test.each(goldenNames("scenario-errors"))("%s", (name) => {
    const text = readFileSync(join(GOLDEN, "scenario-errors", `${name}.yaml`), "utf8");
    const { runs, diagnostics } = parseScenario(text, { file: "scenario.yaml", variables: {}, lab: LAB });
    expect(runs).toBeUndefined();
    for (const { code } of diagnostics) seen.add(code);
    const actual = formatDiagnostics(diagnostics, { colour: false });
    expect(actual).toBe(golden(`test/golden/scenario-errors/${name}.txt`, actual));
  });

  test("every code is shown by one of them", () => {
    expect(SCENARIO_CODES.filter((code) => !seen.has(code))).toEqual([]);
  });

  test("no output is left over from a scenario that is gone", () => {
    const outputs = readdirSync(join(GOLDEN, "scenario-errors")).filter((file) => file.endsWith(".txt"));
    expect(outputs.map((file) => file.slice(0, -".txt".length)).sort()).toEqual(
      goldenNames("scenario-errors"),
    );
  });
});
