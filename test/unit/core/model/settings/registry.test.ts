import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { labJsonSchema } from "../../../../../src/core/model/lab/json-schema.ts";
import { schemaAt } from "../../../../../src/core/model/yaml/json-schema.ts";
import { entries } from "../../../../../src/core/model/settings/registry.ts";
import { labValues, settle } from "../../../../../src/core/model/settings/settle.ts";
import { mhlab } from "../../../cli/run.ts";
import { ROOT } from "../lab/golden.ts";

const docs = (page: string): string => readFileSync(join(ROOT, "docs", page), "utf8");
const inLab = entries.map(({ setting }) => setting.path);
/** Keys of the schema that are no map of settings: `subscriber` says where customers are in words of its own. */
function keysOfSchema(): string[] {
  const keysAt = (path: readonly (string | number)[]): string[] =>
    Object.keys(schemaAt(labJsonSchema(), path)?.properties ?? {});
  return keysAt(["providers", 0]).flatMap((key) => {
    const inner = keysAt(["providers", 0, key]);
    if (key === "subscriber") return [];
    return inner.length === 0 ? [key] : inner.map((each) => `${key}.${each}`);
  });
}

/** The table that a page has between its marks. */
function tableOf(page: string, name: string): string {
  const [, table = ""] = docs(page).split(`<!-- settings: ${name} -->`);
  return table.split("<!-- end -->", 1)[0] ?? "";
}

test("every setting is in the schema, and every key of a provider is a setting", () => {
  expect([...inLab].sort()).toEqual(keysOfSchema().sort());
});

test.each(inLab)("%s has a row in docs/lab-file.md", (path) => {
  const [key, map = "provider"] = path.split(".").toReversed();
  expect(tableOf("lab-file.md", map)).toContain(`| \`${key}\` |`);
});

test("what the wizard asks has a flag of provider add and edit", async () => {
  const flags = entries.flatMap(({ setting: { ask } }) => (ask === undefined ? [] : [`--${ask.flag} <`]));
  expect(flags).toContain("--length <");
  for (const command of ["add", "edit"]) {
    const { stdout } = await mhlab(["provider", command, "--help"]);
    expect(flags.filter((flag) => !stdout.includes(flag))).toEqual([]);
  }
});

test("no two settings share a place", () => {
  expect(new Set(inLab).size).toBe(inLab.length);
});

test("a running BNG takes prefixes, lifetimes, a customer's bound, router advertisements, DNS, the line and source validation", () => {
  const live = entries.filter(({ setting }) => setting.live === true).map(({ setting }) => setting.path);
  expect(live.sort()).toEqual([
    "captive-portal",
    "delegation.exclude",
    "delegation.inf-max-rt",
    "delegation.per-customer",
    "delegation.preferred",
    "delegation.prefix",
    "delegation.rebind",
    "delegation.renew",
    "delegation.reservations",
    "delegation.sol-max-rt",
    "delegation.valid",
    "dns",
    "dns-search",
    "line.delay",
    "line.down",
    "line.jitter",
    "line.loss",
    "line.up",
    "prefix",
    "pvd.delay",
    "pvd.http",
    "pvd.name",
    "pvd.sequence",
    "router-advertisement.autonomous",
    "router-advertisement.dns-lifetime",
    "router-advertisement.interval",
    "router-advertisement.lifetime",
    "router-advertisement.managed",
    "router-advertisement.mtu",
    "router-advertisement.on-link",
    "router-advertisement.other",
    "router-advertisement.pd-preferred",
    "router-advertisement.pref64",
    "router-advertisement.pref64-lifetime",
    "router-advertisement.preference",
    "router-advertisement.prefixes",
    "router-advertisement.routes",
    "router-advertisement.solicited",
    "source-validation",
  ]);
});

test("a default reads the same as it is written", () => {
  const settled = settle(labValues({}), { internet: "bundled", resolver: undefined }) as Readonly<
    Record<string, Record<string, unknown>>
  >;
  const readings = entries.flatMap(({ section, key, setting: { codec, path } }) => {
    const value = settled[section]?.[key];
    if (value === undefined || !("one" in codec.lab)) return [];
    return [[path, value, codec.lab.one.read(String(codec.lab.one.toJson(value)))]];
  });
  expect(readings.length).toBeGreaterThan(20);
  expect(readings.map(([name, , again]) => [name, again])).toEqual(
    readings.map(([name, value]) => [name, value]),
  );
});
