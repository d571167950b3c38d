/** Scenarios that nobody meant: never a throw, and each complaint has a place and a hint. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SCENARIO_CODES } from "../../../../../src/core/model/error-codes.ts";
import { isScenarioText } from "../../../../../src/core/judge/scenario/detect.ts";
import { labPathOf, parseScenario } from "../../../../../src/core/judge/scenario/parse.ts";
import { formatDiagnostics } from "../../../../../src/cli/views/diagnostics.ts";
import { GOLDEN, goldenNames } from "../../model/lab/golden.ts";
import { ISSUE, LAB } from "./lab.ts";

/** FUZZ_RUNS=20000 searches longer. */
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 150);

function expectSane(text: string): void {
  const { runs, diagnostics } = parseScenario(text, { file: "s.yaml", variables: { LAB_X: "1" }, lab: LAB });
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  expect(runs === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
  for (const { line, column, length, code, hint } of diagnostics) {
    expect(SCENARIO_CODES).toContain(code);
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(length).toBeGreaterThanOrEqual(1);
    expect(hint ?? "").not.toBe("");
  }
  expect(formatDiagnostics(diagnostics, { colour: false })).toEqual(expect.any(String));
  labPathOf(text, {});
  isScenarioText(text);
}

describe("never a throw", () => {
  test("for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), expectSane), { numRuns });
  });

  const seeds = [
    ISSUE,
    ...goldenNames("scenario-errors").map((name) =>
      readFileSync(join(GOLDEN, "scenario-errors", `${name}.yaml`), "utf8"),
    ),
  ];

  test("for scenarios in which something is replaced", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        ":",
        "- ",
        "\n",
        "  ",
        "*x",
        "&x",
        "<<: *x",
        "${",
        "${LAB_X}",
        "0",
        "null",
        "__proto__: 1",
        "at: {between: [1s]}",
        "'",
        '"',
        "\t",
        "for: {a: [1]}",
        "constructor: x",
      ),
      fc.string({ maxLength: 8 }),
    );
    const mutated = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), piece), { minLength: 1, maxLength: 4 }),
      )
      .map(([text, changes]) =>
        changes.reduce((now, [at, cut, put]) => {
          const place = at % (now.length + 1);
          return now.slice(0, place) + put + now.slice(place + cut);
        }, text),
      );
    fc.assert(fc.property(mutated, expectSane), { numRuns: numRuns * 2 });
  });

  test("for entries of any keys and values", () => {
    const key = fc.constantFrom(
      "at",
      "id",
      "fault",
      "heal",
      "renumber",
      "run",
      "copy",
      "wait",
      "mark",
      "in",
      "to",
      "how",
      "provider",
      "for",
      "from",
      "reaches",
      "address",
      "leaks",
      "while",
      "after",
      "within",
      "is",
      "wire",
      "flow",
      "exit",
      "of",
      "__proto__",
      "direction",
    );
    const value = fc.oneof(
      fc.constantFrom(
        "10s",
        "alpha",
        "home",
        "flash",
        "all",
        "2001:db8::1",
        "2001:db8:c::/48",
        "at most 3",
        "preferred",
        "upstream-blackhole",
        "0",
        "",
      ),
      fc.array(fc.constantFrom("1s", "2s", "x"), { maxLength: 3 }),
      fc.dictionary(key, fc.constantFrom("beta", "home", "1s"), { maxKeys: 2 }),
    );
    const entries = fc.array(fc.dictionary(key, value, { maxKeys: 5 }), { minLength: 1, maxLength: 4 });
    const scenario = fc
      .tuple(entries, entries)
      .map(([steps, expected]) => JSON.stringify({ name: "x", lab: "l", steps, expect: expected }));
    fc.assert(fc.property(scenario, expectSane), { numRuns: numRuns * 2 });
  });
});
