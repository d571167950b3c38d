import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { endS } from "../../../../../src/core/judge/scenario/schedule.ts";
import { parseLab } from "../../../../../src/core/model/lab/parse.ts";
import { labPathOf, parseScenario, type PlannedRun } from "../../../../../src/core/judge/scenario/parse.ts";
import { formatDiagnostics } from "../../../../../src/cli/views/diagnostics.ts";
import { ROOT } from "../../model/lab/golden.ts";

const SHIPPED = join(ROOT, "examples/scenarios");
/** Each question that the shipped scenarios have to answer. */
const NAMES = [
  "bufferbloat",
  "cpe-crash-new-prefix",
  "crowd-flash",
  "crowd-graceful",
  "deprecate-keeps-valid",
  "dhcpv6-storm",
  "first-hop",
  "foreign-source-heard",
  "full-failover",
  "happy-eyeballs-dead",
  "happy-eyeballs-slow-dns",
  "known-local-ula",
  "load-share",
  "lost-deprecation-ra",
  "mp-handover",
  "mptcp-lossy",
  "pd-vs-pio-providers",
  "pio-la-zero",
  "primary-backup-return",
  "ra-missing-option",
  "rule-5-5",
  "sadr-exit",
  "sadr-partial",
  "same-prefix-reconnect",
  "silent-upstream",
  "snac-pd-lost",
  "static-lifetimes",
  "walled-garden",
];
const LABS = join(SHIPPED, "labs");
const LONGEST_S = 40;

function read(name: string): { text: string; runs: readonly PlannedRun[] } {
  const file = join(SHIPPED, `${name}.yaml`);
  const text = readFileSync(file, "utf8");
  const labFile = join(dirname(file), labPathOf(text) ?? "");
  const { lab } = parseLab(readFileSync(labFile, "utf8"), { file: labFile, env: {} });
  const { runs = [], diagnostics } = parseScenario(text, { file: relative(ROOT, file), variables: {}, lab });
  expect(formatDiagnostics(diagnostics, { colour: false })).toBe("");
  return { text, runs };
}

describe("shipped scenarios", () => {
  test("all are there, and no other", () => {
    const files = readdirSync(SHIPPED).filter((name) => name.endsWith(".yaml"));
    expect(files.map((name) => name.replace(".yaml", "")).toSorted()).toEqual(NAMES);
  });

  test.each(NAMES)("%s is right, and its names are those of its lab", (name) => {
    const { text, runs } = read(name);
    expect(runs.map(({ scenario }) => scenario.name)).toEqual([name]);
    expect(text.split("\n", 1)[0]).toBe("# yaml-language-server: $schema=../../schemas/scenario.schema.json");
  });

  test.each(NAMES)("%s says what it is about, and of each expectation why", (name) => {
    for (const { scenario } of read(name).runs) {
      expect(scenario.title).not.toBeNull();
      expect(scenario.source).not.toBeNull();
      expect(scenario.expect.length).toBeGreaterThan(0);
      expect(scenario.expect.filter(({ because }) => because === null)).toEqual([]);
    }
  });

  test.each(NAMES)("%s is over soon", (name) => {
    for (const { scenario } of read(name).runs) {
      expect(endS(scenario, [])).toBeLessThanOrEqual(LONGEST_S);
    }
  });

  // What is sent in a window is answered after its end: a fault that begins then would take the answer.
  test.each(NAMES)("no window of probes of %s ends where a fault begins", (name) => {
    for (const { scenario } of read(name).runs) {
      const begins = scenario.steps.flatMap((step) => (step.do === "fault" ? (step.atS ?? []) : []));
      const abutting = scenario.expect.filter(
        (one) =>
          (one.kind === "loss" || (one.kind === "condition" && one.condition.is === "reaches")) &&
          "while" in one &&
          begins.some((atS) => one.while !== null && atS - one.while[1] >= 0 && atS - one.while[1] < 0.5),
      );
      expect(abutting.map(({ id }) => id)).toEqual([]);
    }
  });

  test("the page of results tells of each", () => {
    const page = readFileSync(join(ROOT, "docs/scenarios.md"), "utf8");
    const told = [...page.matchAll(/^### (\S+)$/gm)].map(([, name]) => name);
    expect(told).toEqual(NAMES);
  });

  test.each(readdirSync(LABS))("%s is a lab of that name, for editors and readers", (file) => {
    const text = readFileSync(join(LABS, file), "utf8");
    const { lab, diagnostics = [], warnings } = parseLab(text, { file, env: {} });
    expect(formatDiagnostics(diagnostics, { colour: false })).toBe("");
    expect(warnings).toEqual([]);
    expect(`${lab?.name}.yaml`).toBe(file);
    expect(text.split("\n", 1)[0]).toBe("# yaml-language-server: $schema=../../../schemas/lab.schema.json");
  });
});
