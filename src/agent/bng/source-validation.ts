import { renderSourceValidation, parseSpoofed, TABLE } from "../../core/bng/source-validation.ts";
import type { BngConfig } from "../../core/bng/config.ts";
import type { ProviderStatus } from "../../core/status/model.ts";
import { CommandError, run } from "../net/command.ts";

/** Loads the rules of the subscriber port; a netdev chain dies with its interface, so again for each new one. */
export async function loadSourceValidation(config: BngConfig): Promise<void> {
  await run(["nft", "-f", "-"], { input: renderSourceValidation(config) });
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
