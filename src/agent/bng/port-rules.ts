import type { BngConfig } from "../../core/bng/config.ts";
import { renderMssClamp } from "../../core/bng/mss-clamp.ts";
import { parseHeard, renderHeard } from "../../core/bng/neighbours.ts";
import { parseSpoofed, renderSourceValidation } from "../../core/bng/source-validation.ts";
import type { SourceValidation } from "../../core/settings/filter.ts";
import type { Neighbour, ProviderStatus } from "../../core/status/model.ts";
import { log } from "../log.ts";
import { CommandError, run } from "../net/command.ts";
import { ensureSysctl } from "../net/sysctl.ts";

/** What the rules have counted and remembered. */
export interface Observations {
  /** Packets with a wrong source since the rules were loaded, in all and by source. */
  spoofed: ProviderStatus["spoofed"];
  /** Who was heard on the subscriber port; nobody while there is no port. */
  neighbours: Neighbour[];
}

/**
 * Loads all rules at once: those that listen on the subscriber port, source validation, the clamp of TCP's segment size.
 * A netdev chain dies with its interface, so again for each new one. Where nothing can be answered on the wire, `reject`
 * works as `reject-routed`. Returns how sources are validated now.
 */
export async function loadRules(config: BngConfig): Promise<SourceValidation> {
  const hindrance = config.sourceValidation === "reject" ? hindranceOfMarks() : undefined;
  if (hindrance === undefined) {
    try {
      await load(config);
      return config.sourceValidation;
    } catch (error) {
      if (config.sourceValidation !== "reject" || !lacksModule(error)) throw error;
    }
  }
  await load({ ...config, sourceValidation: "reject-routed" });
  const why = hindrance ?? "this kernel lacks nftables' egress hook (Linux 5.16) or numgen";
  log(
    "warn",
    `a wrong source cannot be told on the wire: ${why}; errors follow the routing table, as with SOURCE_VALIDATION=reject-routed`,
  );
  return "reject-routed";
}

/** Why an error would not inherit the mark of the packet that it is about. */
function hindranceOfMarks(): string | undefined {
  return ensureSysctl("net/ipv6/fwmark_reflect", "1")
    ? undefined
    : "/proc/sys is read-only here, and the container was started without --sysctl net.ipv6.fwmark_reflect=1";
}

async function load(config: BngConfig): Promise<void> {
  const rules = [
    renderHeard(config.subscriber.interface),
    renderSourceValidation(config),
    renderMssClamp(config),
  ];
  await run(["nft", "-f", "-"], { input: rules.join("\n") });
}

function lacksModule(error: unknown): boolean {
  return error instanceof CommandError && /No such file or directory|not supported/i.test(error.stderr);
}

/** Reads what the rules of the subscriber port know; starting nft is most of the work, so once for all. */
export async function readObservations(): Promise<Observations> {
  try {
    const ruleset = await run(["nft", "-j", "list", "ruleset", "netdev"]);
    return { spoofed: parseSpoofed(ruleset), neighbours: parseHeard(ruleset) };
  } catch (error) {
    if (error instanceof CommandError) return { spoofed: { packets: 0, sources: [] }, neighbours: [] };
    throw error;
  }
}
