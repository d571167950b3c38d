import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseLab } from "../../../../../src/core/model/lab/parse.ts";
import { formatDiagnostics } from "../../../../../src/cli/views/diagnostics.ts";
import { lab, specs } from "../../../support/planned-lab.ts";
import { ROOT } from "./golden.ts";

const EXAMPLES = join(ROOT, "examples");
const names = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(EXAMPLES, entry.name, "lab.yaml")))
  .map(({ name }) => name);

describe("examples", () => {
  test.each(names)("%s is a lab of that name, for editors and readers", (name) => {
    const text = readFileSync(join(EXAMPLES, name, "lab.yaml"), "utf8");
    const parsed = parseLab(text, { file: `examples/${name}/lab.yaml`, env: {} });
    expect(formatDiagnostics(parsed.diagnostics ?? [], { colour: false })).toBe("");
    expect(parsed.warnings).toEqual([]);
    expect(parsed.lab?.name).toBe(name);
    expect(text.split("\n", 1)[0]).toBe("# yaml-language-server: $schema=../../schemas/lab.schema.json");
    expect(existsSync(join(EXAMPLES, name, "README.md"))).toBe(true);
  });

  test.each(names)(
    "%s is planned: a container for all that it names, and the same plan each time",
    (name) => {
      const one = lab(readFileSync(join(EXAMPLES, name, "lab.yaml"), "utf8"));
      const planned = specs(one).map((spec) => spec.name);
      const nodes = [...one.providers, ...(one.cpes ?? []), ...(one.hosts ?? [])];
      expect(planned).toEqual(expect.arrayContaining(nodes.map((node) => node.name)));
      expect(specs(one)).toEqual(specs(one));
    },
  );

  test("the documented ones are there", () => {
    expect(names).toEqual(
      expect.arrayContaining(["host-links", "one-isp-nic", "real-uplinks", "shared-lan", "two-isps"]),
    );
  });
});
