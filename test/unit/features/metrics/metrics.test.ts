/** Metrics by Prometheus' naming rules and text format, and none of what is not known. */
import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withMetricsTable } from "../../../../src/cli/docs-metrics.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";
import { FAMILIES } from "../../../../src/features/metrics/families.ts";
import { renderMetrics } from "../../../../src/features/metrics/render.ts";
import type { LabStatus } from "../../../../src/core/model/status/model.ts";
import { ANY_STATUS } from "../../support/statuses.ts";
import { readExposition } from "../../support/exposition.ts";
import { golden, ROOT } from "../../core/model/lab/golden.ts";

test("docs/metrics.md lists every metric (UPDATE_GOLDEN=1 writes it anew)", () => {
  const made = withMetricsTable(readFileSync(join(ROOT, "docs/metrics.md"), "utf8"));
  expect(made).toBe(golden("docs/metrics.md", made));
});

describe("names", () => {
  test.each(FAMILIES.map(({ name, type, help }) => [name, type, help] as const))("%s", (name, type, help) => {
    expect(name).toMatch(/^mhlab(_[a-z]+)+$/);
    // As promtool's linter has it: base units, and a suffix for counters alone.
    expect(name.endsWith("_total")).toBe(type === "counter");
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|kilobytes|count|sum|bucket|gauge|counter)(_|$)/);
    expect(help).toMatch(/^[A-Z].*\.$/);
  });
  test("are all different", () => {
    expect(new Set(FAMILIES.map(({ name }) => name)).size).toBe(FAMILIES.length);
  });
});

const NOW_S = 1_790_000_000;

const labs: fc.Arbitrary<LabStatus> = fc.record({
  lab: fc.constantFrom("one", 'a "b" \\ \n c'),
  healthy: fc.boolean(),
  providers: fc.array(ANY_STATUS.bng, { maxLength: 1 }),
  cpes: fc.array(
    ANY_STATUS.cpe.map((cpe) => ({ ...cpe, hosts: [] })),
    { maxLength: 1 },
  ),
  hosts: fc.constant([]),
});

test("whatever a lab is, the text is read by its format's rules, each series once", () => {
  fc.assert(
    fc.property(labs, (status) => {
      const found = readExposition(renderMetrics([status], NOW_S));
      expect(found.every(({ labels }) => labels["lab"] === status.lab)).toBe(true);
      const series = found.map(({ name, labels }) =>
        JSON.stringify([name, Object.entries(labels).map(String).sort()]),
      );
      expect(new Set(series).size).toBe(series.length);
    }),
  );
});

test("values are those of the status, in base units; what is not known is absent", () => {
  const silence = { name: "alpha", state: "running", problem: { code: "x", message: "x" } } as const;
  const blank = NODES.bng.silent(silence);
  const status = (rttMs: number | null): LabStatus => ({
    lab: "one",
    healthy: true,
    providers: [{ ...blank, uplink: { ...blank.uplink, state: "up", rttMs, rxBytes: 4096 } }],
    cpes: [],
    hosts: [],
  });
  const values = (of: LabStatus, name: string): number[] =>
    readExposition(renderMetrics([of], NOW_S))
      .filter((sample) => sample.name === name)
      .map(({ value }) => value);
  expect(values(status(12.1), "mhlab_uplink_rtt_seconds")).toEqual([0.0121]);
  expect(values(status(null), "mhlab_uplink_rtt_seconds")).toEqual([]);
  expect(values(status(null), "mhlab_uplink_receive_bytes_total")).toEqual([4096]);
  expect(values(status(null), "mhlab_uplink_handshake_age_seconds")).toEqual([]);
  expect(readExposition(renderMetrics([status(null)], NOW_S))).toContainEqual({
    name: "mhlab_node_problems",
    labels: { lab: "one", role: "bng", provider: "alpha", code: "x" },
    value: 1,
  });
});

test("of several labs, each metric is told in one block", () => {
  const lab = (name: string): LabStatus => ({ lab: name, healthy: true, providers: [], cpes: [], hosts: [] });
  const text = renderMetrics([lab("one"), lab("two")], NOW_S);
  expect(readExposition(text).filter(({ name }) => name === "mhlab_lab_healthy")).toHaveLength(2);
});
