import type { Overlay } from "../intent/overlay.ts";
import { parsePrefix6 } from "../ip6.ts";
import { environmentFor } from "../renumbering/environment.ts";
import { endOf } from "../renumbering/phases.ts";
import type { EnvironmentRead } from "../settings/environment-reader.ts";
import type { BngConfig, Network } from "./config.ts";
import { readBngEnvironment, type Environment } from "./environment.ts";

/**
 * Reads what a BNG is to be: its environment, which has its current prefix already, and the other prefixes of its overlay.
 * Either a configuration or every wrong variable at once.
 */
export function readBngIntent(environment: Environment, { prefixes }: Overlay): EnvironmentRead<BngConfig> {
  const read = readBngEnvironment(environment);
  if (read.config === undefined || prefixes === undefined) return read;
  const networks: Network[] = [];
  for (const phase of prefixes) {
    const prefix = parsePrefix6(phase.prefix);
    if (prefix === undefined) continue;
    const one = readBngEnvironment(environmentFor(environment, prefix));
    if (one.config === undefined) return one;
    const { transfer, pool, delegatedLength } = one.config;
    networks.push({ prefix, transfer, pool, delegatedLength, state: phase.state, endsAtS: endOf(phase) });
  }
  const hasCurrent = networks[0]?.state === "current";
  return { config: { ...read.config, ...(hasCurrent ? {} : { pool: undefined }), networks } };
}
