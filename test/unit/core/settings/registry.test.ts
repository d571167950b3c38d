import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { labJsonSchema } from "../../../../src/core/lab/json-schema.ts";
import { schemaAt } from "../../../../src/core/yaml/json-schema.ts";
import { entries, liveVariables, settingOfVariable } from "../../../../src/core/settings/registry.ts";
import { emptyGiven, settle } from "../../../../src/core/settings/settle.ts";
import { mhlab } from "../../cli/run.ts";
import { ROOT } from "../lab/golden.ts";

const docs = (page: string): string => readFileSync(join(ROOT, "docs", page), "utf8");
const inLab = entries.flatMap(({ setting }) => (setting.path === undefined ? [] : [setting.path]));
const variables = entries.flatMap(({ setting: { variable, alternative } }) =>
  [variable, alternative].filter((each) => each !== undefined),
);

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

test.each(variables)("%s has a row in docs/bng.md", (variable) => {
  expect(tableOf("bng.md", "environment")).toMatch(new RegExp(`^\\| .*\`${variable}\``, "m"));
});

test("what the wizard asks has a flag of provider add and edit", async () => {
  const flags = entries.flatMap(({ setting: { ask } }) => (ask === undefined ? [] : [`--${ask.flag} <`]));
  expect(flags).toContain("--length <");
  for (const command of ["add", "edit"]) {
    const { stdout } = await mhlab(["provider", command, "--help"]);
    expect(flags.filter((flag) => !stdout.includes(flag))).toEqual([]);
  }
});

test("no two settings share a place or a variable", () => {
  expect(new Set(inLab).size).toBe(inLab.length);
  expect(new Set(variables).size).toBe(variables.length);
  expect(settingOfVariable.size).toBe(variables.length);
});

test("a running BNG takes prefixes, lifetimes, a customer's bound, router advertisements, DNS, the line and source validation", () => {
  expect([...liveVariables].sort()).toEqual([
    "ASSIGNED_PREFIX",
    "CAPTIVE_PORTAL",
    "DELEGATED_EXCLUDE",
    "DELEGATED_PREFIX",
    "DELEGATIONS_PER_CUSTOMER",
    "DHCPV6_RESERVATIONS",
    "DNS_SEARCH",
    "DNS_SERVERS",
    "INF_MAX_RT",
    "LINE_DELAY",
    "LINE_DOWN",
    "LINE_JITTER",
    "LINE_LOSS",
    "LINE_UP",
    "PREF64",
    "PREF64_LIFETIME",
    "PREFERRED_LIFETIME",
    "PVD",
    "PVD_DELAY",
    "PVD_HTTP",
    "PVD_SEQUENCE",
    "RA_AUTONOMOUS",
    "RA_DNS_LIFETIME",
    "RA_INTERVAL",
    "RA_LIFETIME",
    "RA_MANAGED",
    "RA_MTU",
    "RA_ON_LINK",
    "RA_OTHER",
    "RA_PD_PREFERRED",
    "RA_PREFERENCE",
    "RA_PREFIXES",
    "RA_ROUTES",
    "RA_SOLICITED",
    "REBIND_TIMER",
    "RENEW_TIMER",
    "SOL_MAX_RT",
    "SOURCE_VALIDATION",
    "VALID_LIFETIME",
  ]);
});

test("a default reads the same from lab.yaml and from the environment", () => {
  const settled = settle(emptyGiven(), { internet: "bundled" }) as Readonly<
    Record<string, Record<string, unknown>>
  >;
  const readings = entries.flatMap(({ section, key, setting: { codec, variable, path } }) => {
    const value = settled[section]?.[key];
    if (value === undefined || isEmpty(value)) return [];
    const { environment, lab } = codec;
    const read: [string | undefined, unknown, unknown][] = [];
    if (variable !== undefined) read.push([variable, value, environment.parse(environment.format(value))]);
    if (lab !== undefined && "one" in lab) {
      read.push([path, value, lab.one.read(String(lab.one.toJson(value)))]);
    }
    return read;
  });
  expect(readings.length).toBeGreaterThan(20);
  expect(readings.map(([name, , again]) => [name, again])).toEqual(
    readings.map(([name, value]) => [name, value]),
  );
});

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
