/** `mhlab validate` and `mhlab schema` with scenarios: which of the two a file is, and the lab beside it. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TWO_ISPS } from "../support/planned-lab.ts";
import { mhlab } from "./run.ts";

const SCENARIO = `name: silent-upstream
lab: labs/lab.yaml
for: {provider: [alpha, beta]}
steps:
  - {at: 10s, fault: upstream-blackhole, provider: "\${provider}", for: 30s}
expect:
  - {leaks: 0}
`;

/** A folder with these files; the paths of them. */
function folderOf(files: Readonly<Record<string, string>>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "mhlab-scenario-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return (name) => join(folder, name);
}

test("a scenario is checked with its lab, wherever it is called from", async () => {
  const at = folderOf({ "s.yaml": SCENARIO.replace("labs/", ""), "lab.yaml": TWO_ISPS });
  expect(await mhlab(["validate", at("s.yaml")])).toMatchObject({
    exitCode: 0,
    stdout: `${at("s.yaml")} is right: scenario 'silent-upstream' in the lab 'two-isps' with 2 runs of 1 step and 1 expectation\n`,
  });
  const { stdout } = await mhlab(["validate", at("s.yaml"), "--json"]);
  expect(JSON.parse(stdout)).toEqual({
    valid: true,
    kind: "scenario",
    scenario: "silent-upstream",
    lab: "two-isps",
    labFile: at("lab.yaml"),
    runs: [{ provider: "alpha" }, { provider: "beta" }],
    steps: 1,
    expectations: 1,
    loads: [],
    warnings: [],
  });
});

test("names are those of its lab", async () => {
  const at = folderOf({
    "s.yaml": SCENARIO.replace("labs/", "").replace("beta]", "betta]"),
    "lab.yaml": TWO_ISPS,
  });
  const { exitCode, stderr } = await mhlab(["validate", at("s.yaml")]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("MHLAB_SCENARIO_UNKNOWN_PROVIDER  there is no provider 'betta'");
  expect(stderr).toContain("did you mean beta?");
  expect(stderr).toContain(`${at("s.yaml")}:5:52`);
});

test("what is wrong with the scenario is told before what is wrong with its lab", async () => {
  const at = folderOf({ "s.yaml": SCENARIO, "bad.yaml": SCENARIO.replace("10s", "10") });
  const missing = await mhlab(["validate", at("s.yaml")]);
  expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining("MHLAB_LAB_UNREADABLE")]);
  expect(missing.stderr).toContain(at("labs/lab.yaml"));
  const bad = await mhlab(["validate", at("bad.yaml")]);
  expect([bad.exitCode, bad.stderr]).toEqual([2, expect.stringContaining("MHLAB_SCENARIO_VALUE")]);
  expect(bad.stderr).not.toContain("MHLAB_LAB_UNREADABLE");
});

test("errors of the lab are shown in the lab", async () => {
  const at = folderOf({ "s.yaml": SCENARIO.replace("labs/", ""), "lab.yaml": TWO_ISPS.replace("/48", "/8") });
  const { exitCode, stdout } = await mhlab(["validate", at("s.yaml"), "--json"]);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "MHLAB_LAB_INVALID", diagnostics: [{ code: "MHLAB_LAB_PREFIX", file: at("lab.yaml") }] },
  });
});

test("labs and scenarios are checked together, each as what it is", async () => {
  const at = folderOf({
    "s.yaml": SCENARIO.replace("labs/", ""),
    "lab.yaml": TWO_ISPS,
    "broken.yaml": "steps:\n  - {at: 10s\n",
  });
  const { exitCode, stdout } = await mhlab([
    "validate",
    at("lab.yaml"),
    at("s.yaml"),
    at("broken.yaml"),
    "--json",
  ]);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    valid: false,
    files: [
      { valid: true, kind: "lab", lab: "two-isps" },
      { valid: true, kind: "scenario" },
      {
        valid: false,
        error: { code: "MHLAB_SCENARIO_INVALID", diagnostics: [{ code: "MHLAB_SCENARIO_SYNTAX" }] },
      },
    ],
  });
});

test("the environment is not read, but for what is meant for labs", async () => {
  const text = SCENARIO.replace("labs/lab.yaml", "${LAB_FILE}").replace(
    "provider: [alpha, beta]",
    "provider: ['${LAB_WHO:-alpha}']",
  );
  const at = folderOf({ "s.yaml": text, "lab.yaml": TWO_ISPS });
  expect((await mhlab(["validate", at("s.yaml")], { LAB_FILE: "lab.yaml", LAB_WHO: "beta" })).exitCode).toBe(
    0,
  );
  const secret = folderOf({ "s.yaml": text.replace("LAB_WHO:-alpha", "TOKEN"), "lab.yaml": TWO_ISPS });
  const refused = await mhlab(["validate", secret("s.yaml")], { LAB_FILE: "lab.yaml", TOKEN: "beta" });
  expect([refused.exitCode, refused.stderr]).toEqual([
    2,
    expect.stringContaining("the variable TOKEN is not set"),
  ]);
});

test("schema prints the schema of scenarios", async () => {
  const { exitCode, stdout } = await mhlab(["schema", "scenario"]);
  expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ title: "mhlab scenario" })]);
  expect((await mhlab(["schema", "senario"])).stderr).toContain("there are: lab, scenario, status, check");
});
