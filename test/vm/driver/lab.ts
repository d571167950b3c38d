import { mkdirSync, writeFileSync } from "node:fs";
import type { LabStatus, ProviderStatus } from "../../../src/core/status/model.ts";
import { note } from "./report.ts";
import { attempt, eventually, holds, messageOf, mhlab, mhlabWords } from "./shell.ts";

const FOLDER = "/root/labs";
/** Each look is a start of Node, which takes seconds in an emulated machine. */
const LOOK_MS = 2000;

/** Writes a lab file and returns its path. */
export function writeLab(name: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/${name}.yaml`;
  writeFileSync(file, text);
  return file;
}

/** What `mhlab status` says; a degraded lab is no error here. An emulated agent may need more than its 3 s to answer. */
export async function statusOf(lab: string): Promise<LabStatus> {
  return await eventually(
    async () => {
      const status = await askStatus(lab);
      const silent = status.providers.filter(({ linkLocal }) => linkLocal === "").map(({ name }) => name);
      holds(`agents of ${lab} that do not answer`, silent.length === 0, silent);
      return status;
    },
    60_000,
    LOOK_MS,
  );
}

async function askStatus(lab: string): Promise<LabStatus> {
  const { stdout, stderr } = await attempt(mhlabWords(["status", lab, "--json"]));
  try {
    return JSON.parse(stdout) as LabStatus;
  } catch {
    throw new Error(`mhlab status ${lab}: ${stderr}${stdout}`);
  }
}

export async function providerOf(lab: string, name: string): Promise<ProviderStatus> {
  const { providers } = await statusOf(lab);
  const provider = providers.find((one) => one.name === name);
  if (provider === undefined) throw new Error(`no provider ${name} in ${JSON.stringify(providers)}`);
  return provider;
}

/** Waits until `mhlab status` calls the lab healthy. */
export async function healthy(lab: string, timeoutMs: number): Promise<LabStatus> {
  return await eventually(
    async () => {
      const status = await askStatus(lab);
      const why = status.providers.flatMap(({ name, state, problems }) => [
        name,
        state,
        ...problems.map(({ message }) => message),
      ]);
      holds(`${lab} is not healthy`, status.healthy, why);
      return status;
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
      holds(
        `one routed delegation of ${name}`,
        routed.length === 1 && routed.every(Boolean),
        provider.delegations,
      );
      return provider;
    },
    20_000,
    LOOK_MS,
  );
}

/** Every delegation of a lab, by provider: prefix, next hop, whether it is routed. */
export function delegationsOf({
  providers,
}: LabStatus): Record<string, { prefix: string; via: string | null; routed: boolean }[]> {
  return Object.fromEntries(
    providers.map(({ name, delegations }) => [
      name,
      delegations.map(({ prefix, via, routed }) => ({ prefix, via, routed })),
    ]),
  );
}

/**
 * `--force`: the desk's card has an address of the host. What is not ready in time is left running, and `up` again
 * completes it: on an emulated machine that is starved itself, asking many starting agents takes them the time to start.
 */
export async function up(file: string): Promise<void> {
  const words = ["up", file, "--wait", "--force", "--no-build", "--timeout"];
  try {
    await mhlab([...words, "90"]);
  } catch (error) {
    if (!messageOf(error).includes("MHLAB_NOT_READY")) throw error;
    note(`${file} was not ready in 90 s, once more`);
    await mhlab([...words, "300"]);
  }
}
