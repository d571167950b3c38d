import { renderSourceValidation, parseSpoofed, TABLE } from "../../core/bng/source-validation.ts";
import type { BngConfig } from "../../core/bng/config.ts";
import type { ProviderStatus } from "../../core/status/model.ts";
import { log } from "../log.ts";
import { CommandError, run } from "../net/command.ts";

/**
 * Loads the rules of the subscriber port; a netdev chain dies with its interface, so again for each new one. A kernel
 * without nft_reject_netdev, as Debian builds it, cannot answer on the wire: its errors follow the routing table instead.
 */
export async function loadSourceValidation(config: BngConfig): Promise<void> {
  try {
    await loadRules(config);
  } catch (error) {
    if (config.sourceValidation !== "reject" || !lacksModule(error)) throw error;
    await loadRules({ ...config, sourceValidation: "reject-routed" });
    log(
      "warn",
      "this kernel cannot answer a wrong source on the wire (no nft_reject_netdev): errors follow the routing table, as with SOURCE_VALIDATION=reject-routed",
    );
  }
}

async function loadRules(config: BngConfig): Promise<void> {
  await run(["nft", "-f", "-"], { input: renderSourceValidation(config) });
}

function lacksModule(error: unknown): boolean {
  return error instanceof CommandError && /No such file or directory|not supported/i.test(error.stderr);
}

/** Packets with a wrong source since the rules were loaded, in all and by source. */
export async function readSpoofed(): Promise<ProviderStatus["spoofed"]> {
  try {
    return parseSpoofed(await run(["nft", "-j", "list", "table", "netdev", TABLE]));
  } catch (error) {
    if (error instanceof CommandError) return { packets: 0, sources: [] };
    throw error;
  }
}
