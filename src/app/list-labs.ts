import { summariseLabs, type LabSummary } from "../core/render/plan/lab-summary.ts";
import type { Engines } from "./agents/engines.ts";
import type { KeyStore } from "./ports/key-store.ts";

/** The labs that there are, and those of which this machine has keys. */
export async function listLabs(engines: Engines, keys: KeyStore, signal: AbortSignal): Promise<LabSummary[]> {
  const [{ containers }, withKeys] = await Promise.all([engines.look(signal), keys.labs()]);
  return summariseLabs(containers, withKeys);
}
