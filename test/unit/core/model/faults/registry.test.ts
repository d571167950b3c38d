/** Every kind of fault is found where its users meet it: in the catalogue, docs, help, completion and the schema; and a test sees it bite. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { faultPage } from "../../../../../src/cli/docs-faults.ts";
import { commands } from "../../../../../src/cli/commands/registry.ts";
import { catalogued, FAULT_KINDS, faultRecord } from "../../../../../src/core/model/faults/kinds.ts";
import { readInjection } from "../../../../../src/core/model/faults/injection.ts";
import { statusJsonSchemaText } from "../../../../../src/core/model/status/json-schema.ts";
import { mhlab } from "../../../cli/run.ts";
import { sourceFiles } from "../../../support/imports.ts";
import { golden, ROOT } from "../lab/golden.ts";

test("docs/fault-catalogue.md is what the records say (UPDATE_GOLDEN=1 rewrites it)", () => {
  expect(faultPage()).toBe(golden("docs/fault-catalogue.md", faultPage()));
});

test.each(FAULT_KINDS)("%s is told in full", async (kind) => {
  const { stdout } = await mhlab(["fault", "kinds", kind]);
  const record = faultRecord(kind);
  const shown = stdout.replaceAll(/\s+/g, " ");
  for (const text of [record.summary, record.provider, record.customer, record.normal, record.advice]) {
    expect(text).not.toBe("");
    expect(shown).toContain(text);
  }
  expect(record.advice).toMatch(/RFC \d+/);
  for (const name of Object.keys(record.options)) expect(shown).toContain(`${name}=`);
});

test("help, completion and the schema name every kind", async () => {
  const { stdout: help } = await mhlab(["fault", "inject", "--help"]);
  for (const kind of FAULT_KINDS) expect(help.replaceAll(/\s+/g, " ")).toContain(kind);
  const inject = commands.find(({ path }) => path.join(" ") === "fault inject");
  expect(inject?.arguments?.[0]?.choices).toEqual(FAULT_KINDS);
  for (const kind of FAULT_KINDS) expect(statusJsonSchemaText()).toContain(`"${kind}"`);
});

test("a system test sees every kind", () => {
  const folder = join(ROOT, "test/system/faults");
  const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  for (const kind of FAULT_KINDS) expect(text.join("\n")).toContain(`"${kind}"`);
});

test("what a kind explains is a problem that somebody tells", () => {
  const told = sourceFiles("src").filter(({ path }) => !path.startsWith("src/core/model/faults/"));
  for (const kind of FAULT_KINDS)
    for (const code of faultRecord(kind).explains ?? [])
      expect([kind, code, told.some(({ text }) => text.includes(`"${code}"`))]).toEqual([kind, code, true]);
});

/** Values of options that have no default; of the others of them, a prefix. */
const NEEDED: Readonly<Record<string, string>> = { rate: "2mbit", trace: "400:1,0*3" };

test("defaults are right values, in their canonical form", () => {
  for (const { kind, options } of FAULT_KINDS.map(catalogued)) {
    const given = Object.fromEntries(
      options.flatMap(({ name, default: otherwise }) =>
        otherwise === null ? [] : [[name, otherwise] as const],
      ),
    );
    const needed = Object.fromEntries(
      options
        .filter(({ required }) => required)
        .map(({ name }) => [name, NEEDED[name] ?? "2001:db8::/32"] as const),
    );
    const all = { ...given, ...needed };
    const counting = Object.entries(all).filter(
      ([name]) => faultRecord(kind).options[name]?.counts?.(all) !== false,
    );
    expect(readInjection(kind, all).options).toEqual(Object.fromEntries(counting));
  }
});
