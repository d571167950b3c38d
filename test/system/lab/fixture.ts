import { Ajv } from "ajv";
import { execa, type ResultPromise } from "execa";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { statusJsonSchema } from "../../../src/core/model/status/json-schema.ts";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import { Label } from "../../../src/core/model/names.ts";
import {
  docker,
  inLabHost,
  labState,
  mhlab,
  paths,
  PROJECT,
  useSandbox,
  type CommandResult,
} from "../support/sandbox.ts";

let folder: string;

/** Call once at the top of a test file: a folder for lab files, and nothing of a lab left at the end. */
export function useLabs(): void {
  useSandbox();
  folder = mkdtempSync(join(tmpdir(), "mhlab-labs-"));
  afterAll(async () => {
    await mhlab(["down", "--all", "--purge"]);
    rmSync(folder, { recursive: true, force: true });
  });
}

/** The folder for lab files. */
export function labFolder(): string {
  return folder;
}

export interface ProviderText {
  name: string;
  number: string;
  /** YAML flow text. */
  subscriber?: string;
  more?: string;
}

/** Writes a lab file with the bundled internet and returns its path; the CPE `home` is there when a provider names it. */
export function writeLab(name: string, providers: readonly ProviderText[]): string {
  const lines = [`name: ${name}`, "internet: bundled", "providers:"];
  let cpe = false;
  for (const { name: provider, number, subscriber = "{cpe: home}", more } of providers) {
    lines.push(
      `  - name: ${provider}`,
      `    prefix: 2001:db8:${number}::/48`,
      `    subscriber: ${subscriber}`,
    );
    if (more !== undefined) lines.push(`    ${more}`);
    cpe ||= subscriber.includes("cpe:");
  }
  if (cpe) lines.push("cpes:", "  - name: home", "    hosts: 1");
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

export const ALPHA: ProviderText = { name: "alpha", number: "a" };
export const BETA: ProviderText = { name: "beta", number: "b" };

/** Runs mhlab and expects exit code 0; the failure shows what it said. */
export async function succeed(args: readonly string[]): Promise<CommandResult> {
  const result = await mhlab(args);
  expect(result, `mhlab ${args.join(" ")}\n${result.stdout}\n${result.stderr}`).toMatchObject({ code: 0 });
  return result;
}

const isStatus = new Ajv().compile(statusJsonSchema());

/** `mhlab status --json`, whatever its exit code; it is what its schema says. */
export async function statusOf(lab: string): Promise<LabStatus> {
  const status = JSON.parse((await mhlab(["status", lab, "--json"])).stdout) as LabStatus;
  expect({ valid: isStatus(status), errors: isStatus.errors }).toEqual({ valid: true, errors: null });
  return status;
}

/** Container ids of a lab by the node's name. */
export async function containersOf(lab: string): Promise<Record<string, string>> {
  const found = await docker.listContainers({ all: true, filters: { label: [`${Label.lab}=${lab}`] } });
  return Object.fromEntries(found.map(({ Id, Labels }) => [Labels[Label.name] ?? "", Id]));
}

/** Interfaces in the lab host's own namespace, loopback apart. */
export async function hostInterfaces(): Promise<string[]> {
  const { stdout } = await inLabHost(["ip", "-j", "link", "show"]);
  return (JSON.parse(stdout) as { ifname: string }[])
    .map(({ ifname }) => ifname)
    .filter((name) => name !== "lo");
}

/** Every private key that mhlab keeps for a lab. */
export function privateKeys(lab: string): string[] {
  const keys = join(labState(), "labs", lab, "keys");
  return readdirSync(keys).map((file) => readFileSync(join(keys, file), "utf8").trim());
}

interface Running {
  reject: false;
  stdin: "ignore";
  env: Record<string, string>;
}

/** Starts the built `mhlab` on the tests' sandbox and leaves it running, to be interrupted. */
export function startMhlab(args: readonly string[]): ResultPromise<Running> {
  const env = {
    MHLAB_SANDBOX: "1",
    MHLAB_SANDBOX_DIR: paths.root,
    MHLAB_STATE_DIR: labState(),
    NO_COLOR: "1",
  };
  const options: Running = { reject: false, stdin: "ignore", env };
  return execa(process.execPath, [join(PROJECT, "bin/mhlab.js"), ...args], options);
}
