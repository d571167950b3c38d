import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Verdict } from "../../../src/core/judge/experiment/record.ts";
import { verify } from "../../second/verify.mjs";
import { labFolder, succeed } from "../lab/fixture.ts";
import { mhlab, PROJECT } from "../support/sandbox.ts";

export interface RanScenario {
  readonly code: number;
  /** What it said, for whoever reads why a test failed. */
  readonly said: string;
  readonly folder: string;
  /** What its packets say otherwise, by a computation of its own. */
  readonly differences: readonly string[];
  /** By the id of the expectation. */
  readonly results: Readonly<Record<string, Verdict["result"]>>;
}

/** Runs a shipped scenario; `broken` are steps that are put before its own. */
export async function runShipped(name: string, broken: readonly string[] = []): Promise<RanScenario> {
  const examples = join(labFolder(), "examples");
  cpSync(join(PROJECT, "examples"), examples, { recursive: true });
  const file = join(examples, "scenarios", `${name}.yaml`);
  const text = readFileSync(file, "utf8");
  const steps = broken.map((step) => `  - ${step}\n`).join("");
  writeFileSync(file, text.replace(/^steps:\n/m, `steps:\n${steps}`));
  const out = join(labFolder(), `${name}${broken.length === 0 ? "" : "-broken"}`);
  const { code, stdout, stderr } = await mhlab(["run", file, "--out", out, "--json"]);
  // What was broken ends with the lab.
  if (broken.length > 0) await succeed(["down", "--all"]);
  const { verdicts = [] } = JSON.parse(stdout === "" ? "{}" : stdout) as { verdicts?: Verdict[] };
  return {
    code,
    folder: out,
    differences: verify(out).differences,
    said: `${stderr}\n${verdicts.map(({ id, result, measured }) => `${id}: ${result}: ${measured}`).join("\n")}`,
    results: Object.fromEntries(verdicts.map(({ id, result }) => [id, result])),
  };
}
