/** A router that is no node of the lab, judged from its LAN by scenarios that are shipped. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { readRecord } from "../../../src/core/judge/evidence/read.ts";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import { mhlab, PROJECT } from "../support/sandbox.ts";
import { labFolder, statusOf } from "./fixture.ts";

/** The scenarios that need nothing of the router itself. */
export const SCENARIOS = ["load-share", "silent-upstream", "sadr-exit", "primary-backup-return"] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

type Device = NonNullable<LabStatus["devices"]>[number];

/** The only device of a lab, as its status has it. */
export async function deviceOf(lab: string): Promise<Device> {
  const [device] = (await statusOf(lab)).devices ?? [];
  if (device === undefined) throw new Error("no device");
  return device;
}

/**
 * Runs a shipped scenario in the lab of a file; its verdicts as `id result`, or `unsupported` where the router leaves the host
 * without an address that the scenario sends from. `answers`: whether the host `home-host1` must have been answered.
 */
export async function judged(
  scenario: ScenarioName,
  lab: string,
  file: string,
  answers = true,
): Promise<string[]> {
  const out = join(labFolder(), `${lab}-${scenario}`);
  const path = join(PROJECT, `examples/scenarios/${scenario}.yaml`);
  const result = await mhlab(["run", path, "--lab", file, "--out", out]);
  // Some of it fails; what it said shows why the run itself did.
  expect(result).toMatchObject({ code: expect.toBeOneOf([0, 1, 127]) as number });
  if (result.code === 127) return ["unsupported"];
  const record = readRecord((one) =>
    existsSync(join(out, one)) ? readFileSync(join(out, one), "utf8") : undefined,
  );
  expect(record.lab).toBe(lab);
  const own = record.probes.filter(({ node }) => node === "home-host1");
  expect(own.length).toBeGreaterThan(0);
  if (answers) expect(own.map(({ outcome }) => outcome)).toContain("answered");
  return record.verdicts.map((one) => `${one.id} ${one.result}`);
}
