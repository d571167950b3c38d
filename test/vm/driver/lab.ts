import { mkdirSync, writeFileSync } from "node:fs";
import type { LabStatus, ProviderStatus } from "../../../src/core/model/status/model.ts";
import { attempt, eventually, holds, mhlab, mhlabWords, run } from "./shell.ts";

const FOLDER = "/root/labs";
/** An exec, and more so a start of Node, takes seconds in an emulated machine. */
const LOOK_MS = 1000;

/** Writes a lab file and returns its path. */
export function writeLab(name: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/${name}.yaml`;
  writeFileSync(file, text);
  return file;
}

/** What `mhlab status` says, once it calls the lab healthy: it gives each agent 3 s, which a starved one may not keep. */
export async function mhlabStatus(lab: string): Promise<LabStatus> {
  return await eventually(
    async () => {
      const { stdout, stderr } = await attempt(mhlabWords(["status", lab, "--json"]));
      if (!stdout.startsWith("{")) throw new Error(`mhlab status ${lab}: ${stderr}${stdout}`);
      const status = JSON.parse(stdout) as LabStatus;
      const problems = status.providers.flatMap((one) =>
        one.problems.map(({ message }) => `${one.name}: ${message}`),
      );
      holds(`${lab} is not healthy`, status.healthy, problems);
      return status;
    },
    120_000,
    LOOK_MS,
  );
}

/** What an agent says of itself, asked as patiently as it needs. */
async function askAgent<S>(lab: string, name: string): Promise<S> {
  return await eventually(
    async () => JSON.parse(await run(["docker", "exec", `mhlab-${lab}-${name}`, "agent", "status"])) as S,
    60_000,
    LOOK_MS,
  );
}

export async function providerOf(lab: string, name: string): Promise<ProviderStatus> {
  return await askAgent<ProviderStatus>(lab, name);
}

/** All providers of a lab, by name. */
export async function providersOf(lab: string): Promise<ProviderStatus[]> {
  const filters = ["--filter", `label=io.mhlab.lab=${lab}`, "--filter", "label=io.mhlab.role=bng"];
  const text = await run(["docker", "ps", "-a", ...filters, "--format", '{{.Label "io.mhlab.name"}}']);
  const names = text.trim().split("\n").sort();
  return await Promise.all(names.map((name) => providerOf(lab, name)));
}

/** Waits until all providers of a lab are ready and have nothing to complain of. */
export async function healthy(lab: string, timeoutMs: number): Promise<ProviderStatus[]> {
  return await eventually(
    async () => {
      const providers = await providersOf(lab);
      const bad = providers.filter(({ state, ready }) => state !== "running" || !ready);
      const why = bad.map(({ name, state, problems }) => [
        name,
        state,
        ...problems.map(({ message }) => message),
      ]);
      holds(`${lab} is not healthy`, bad.length === 0, why);
      return providers;
    },
    timeoutMs,
    LOOK_MS,
  );
}

/** Waits until a provider routes exactly one delegation. */
export async function oneCustomer(lab: string, name: string): Promise<ProviderStatus> {
  return await eventually(
    async () => {
      const provider = await providerOf(lab, name);
      const routed = provider.delegations.map((delegation) => delegation.routed);
      const one = routed.length === 1 && routed.every(Boolean);
      holds(`one routed delegation of ${name}`, one, provider.delegations);
      return provider;
    },
    20_000,
    LOOK_MS,
  );
}

/** Every delegation of a lab, by provider: prefix, next hop, whether it is routed. */
export function delegationsOf(
  providers: readonly ProviderStatus[],
): Record<string, { prefix: string; via: string | null; routed: boolean }[]> {
  return Object.fromEntries(
    providers.map(({ name, delegations }) => [
      name,
      delegations.map(({ prefix, via, routed }) => ({ prefix, via, routed })),
    ]),
  );
}

/** `--force`: the desk's card has an address of the host. */
export async function up(file: string): Promise<void> {
  await mhlab(["up", file, "--wait", "--force", "--no-build", "--timeout", "390"]);
}
