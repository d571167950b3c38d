import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FAMILIES } from "../../../../src/features/metrics/families.ts";
import { ROOT } from "../../core/model/lab/golden.ts";

test("the dashboard for Grafana asks for metrics that there are", () => {
  const text = readFileSync(join(ROOT, "examples/grafana/mhlab.json"), "utf8");
  const known = new Set(FAMILIES.map(({ name }) => name));
  const asked = [...text.matchAll(/\bmhlab_[a-z_]+/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(15);
  expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
  expect((JSON.parse(text) as { panels: unknown[] }).panels.length).toBeGreaterThan(10);
});
