/** The files of a run's folder, by the rules of their formats; test/system/evidence has the tools themselves read them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withRunFolderTables } from "../../../../../src/cli/docs-run-folder.ts";
import { evidenceFiles, FORMATS } from "../../../../../src/features/report/files.ts";
import { resultOf } from "../../../../../src/core/judge/evidence/outcomes.ts";
import type { RunRecord } from "../../../../../src/core/judge/scenario/record.ts";
import type { Verdict } from "../../../../../src/core/judge/experiment/record.ts";
import { runRecord } from "../../../support/run-record.ts";
import { golden, ROOT } from "../../model/lab/golden.ts";

/** Few enough probes for a file that people can read. */
const SMALL = runRecord({ everyMs: 10_000 });

function file(record: RunRecord, path: string): string {
  const found = [...evidenceFiles(record)].find((one) => one.path === path)?.content;
  if (typeof found !== "string") throw new Error(`no text ${path}`);
  return found;
}

/** A verdict of each result. */
const EVERY_RESULT: readonly Verdict["result"][] = [
  "passed",
  "failed",
  "expected-failure",
  "unexpected-pass",
  "unsupported",
  "inconclusive",
];
const [LIKE] = SMALL.verdicts;
if (LIKE === undefined) throw new Error("no verdict");
const MIXED: RunRecord = {
  ...SMALL,
  verdicts: EVERY_RESULT.map((result) => ({ ...LIKE, id: result, text: `it is ${result} # 1`, result })),
};

test("docs/run-folder.md has every file, column and metric (UPDATE_GOLDEN=1 writes it anew)", () => {
  const made = withRunFolderTables(readFileSync(join(ROOT, "docs/run-folder.md"), "utf8"));
  expect(made).toBe(golden("docs/run-folder.md", made));
  for (const { path } of FORMATS) expect(made).toContain(`\`${path}\``);
});

test.each(FORMATS.filter(({ path }) => path !== "report.html").map(({ path }) => path))(
  "%s is as before",
  (path) => {
    const content = file(SMALL, path);
    expect(content).toBe(golden(`test/golden/evidence/${path.replace(/\.gz$/, "")}`, content));
  },
);

test("paths are plain, and all different", () => {
  expect(new Set(FORMATS.map(({ path }) => path)).size).toBe(FORMATS.length);
  for (const { path, gzip } of FORMATS) {
    expect(path).toMatch(/^[A-Za-z-]+(\.[a-z]+)+$/);
    expect(gzip === true).toBe(path.endsWith(".gz"));
  }
});

describe("probes.hpct", () => {
  const [head = "", ...lines] = file(runRecord({ durationS: 20 }), "probes.hpct")
    .trimEnd()
    .split("\n");

  test("has a head, and 20 columns in every line, in the order of sending", () => {
    expect(head).toBe("#? HPCT Ping 2 mhlab/0.1.0");
    const sent = lines.map((line) => {
      expect(line.split(" ")).toHaveLength(20);
      expect(line).toMatch(
        /^#Pu \d+ [\da-f:]+ [\da-f:]+ [\da-f]{16} 0 0 0 0 ffff 0 0 \d+ 11000000 -1 -1 -1 \d+ -1 -1$/,
      );
      return BigInt(`0x${line.split(" ")[4]}`);
    });
    expect(sent).toEqual(sent.toSorted((one, other) => (one < other ? -1 : 1)));
    expect(sent[0]).toBeGreaterThanOrEqual(BigInt(SMALL.startedNs));
  });

  test.each([
    ["answered", null, 255],
    ["no-answer", null, 200],
    ["no-answer", "time exceeded", 1],
    ["no-answer", "no route to destination", 101],
    ["no-answer", "administratively prohibited", 105],
    ["no-answer", "something else", 110],
    ["not-sent", "ENETUNREACH", 212],
    ["not-sent", "EADDRNOTAVAIL", 214],
    ["not-sent", "EIO", 210],
  ] as const)("%s (%s) has the status %d", (outcome, reason, status) => {
    const [first] = SMALL.probes;
    if (first === undefined) throw new Error("no probe");
    const receivedNs = outcome === "answered" ? first.sentNs + 1_000_000 : null;
    const probes = [{ ...first, outcome, reason, receivedNs }];
    const [, line = ""] = file({ ...SMALL, probes }, "probes.hpct").split("\n");
    expect(line.split(" ").at(12)).toBe(String(status));
  });
});

describe("run.flent.gz", () => {
  const data = JSON.parse(file(runRecord(), "run.flent.gz")) as {
    version: number;
    x_values: number[];
    results: Record<string, (number | null)[]>;
    raw_values: Record<string, { t: number; val: number }[]>;
    metadata: { T0: string; HOSTS: string[]; STEP_SIZE: number };
  };

  test("is version 4, with a value or null of every series at each step", () => {
    expect(data.version).toBe(4);
    expect(Object.keys(data.results)).toHaveLength(6);
    expect(Object.keys(data.raw_values)).toEqual(Object.keys(data.results));
    for (const series of Object.values(data.results)) expect(series).toHaveLength(data.x_values.length);
    expect(data.metadata.T0).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test("has no colon in the name of a series, at which flent's globs stop", () => {
    expect(data.metadata.HOSTS.join()).not.toContain(":");
    expect(Object.keys(data.results)).toEqual(data.metadata.HOSTS.map((host) => `Ping (ms) ICMP ${host}`));
  });

  test("has nothing of alpha while its upstream is a blackhole", () => {
    const [name = ""] = Object.keys(data.results);
    const during = data.results[name]?.slice(100, 400) ?? [];
    expect(during).toHaveLength(300);
    expect(during.every((value) => value === null)).toBe(true);
    expect(data.results[name]?.[50]).toBeGreaterThan(5);
  });
});

describe("result.tap", () => {
  test("tells each result as TAP has it", () => {
    const lines = file(MIXED, "result.tap")
      .split("\n")
      .filter((line) => /^(not )?ok|^1\.\./.test(line));
    expect(lines).toEqual([
      "1..6",
      "ok 1 - it is passed \\# 1",
      "not ok 2 - it is failed \\# 1",
      "not ok 3 - it is expected-failure \\# 1 # TODO expected failure",
      "ok 4 - it is unexpected-pass \\# 1 # TODO expected failure",
      "ok 5 - it is unsupported \\# 1 # SKIP unsupported here",
      "not ok 6 - it is inconclusive \\# 1",
    ]);
  });
  test("a run that was cut short bails out", () => {
    expect(file({ ...MIXED, partial: true }, "result.tap")).toContain("\nBail out! ");
    expect(file(MIXED, "result.tap")).not.toContain("Bail out!");
  });
});

test("junit.xml counts what it tells: an expected failure is neither a pass nor a failure, an unexpected pass is a failure", () => {
  const text = file(MIXED, "junit.xml");
  expect(text).toContain('tests="6" failures="3" errors="0" skipped="2"');
  expect(text.match(/<failure /g)).toHaveLength(3);
  expect(text.match(/<skipped /g)).toHaveLength(2);
});

test("a run that was cut short is no success", () => {
  const verdicts = [{ ...LIKE, result: "passed" as const }];
  expect(resultOf({ verdicts, partial: false })).toBe("passed");
  expect(resultOf({ verdicts, partial: true })).toBe("inconclusive");
  expect(resultOf({ verdicts: MIXED.verdicts, partial: true })).toBe("failed");
});
