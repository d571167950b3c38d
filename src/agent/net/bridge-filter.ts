import { droppingForwardChains, LET_BRIDGED_PASS } from "../../core/model/host/bridge-filter.ts";
import type { Problem } from "../../core/model/status/model.ts";
import { CommandError, inBirth, run } from "../programs/command.ts";

const CALLS = "/proc/sys/net/bridge/bridge-nf-call-ip6tables";

/** The problem of a bridge whose frames the host's packet filter drops; none when they pass, or when that cannot be told. */
export async function filterProblem(bridge: string): Promise<Problem[]> {
  try {
    if ((await run(inBirth(["cat", CALLS]))).trim() !== "1") return [];
    const chains = droppingForwardChains(await run(inBirth(["nft", "-j", "list", "ruleset"])), bridge);
    if (chains.length === 0) return [];
    const message = `the host's packet filter drops what crosses ${bridge} (chain ${chains.join(", ")}): no router advertisement gets through; on the host: ${LET_BRIDGED_PASS}`;
    return [{ code: "bridge-filtered", message }];
  } catch (error) {
    if (error instanceof CommandError || error instanceof SyntaxError) return [];
    throw error;
  }
}
