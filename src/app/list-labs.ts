import { summariseLabs, type LabSummary } from "../core/plan/lab-summary.ts";
import type { EngineReader } from "./ports/engine-reader.ts";
import type { KeyStore } from "./ports/key-store.ts";

/** The labs of an engine, and those of which this machine has keys. */
export async function listLabs(
  reader: EngineReader,
  keys: KeyStore,
  signal: AbortSignal,
): Promise<LabSummary[]> {
  const [containers, withKeys] = await Promise.all([reader.listContainers(signal), keys.labs()]);
  return summariseLabs(containers, withKeys);
}
