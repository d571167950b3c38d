import { existsSync, readdirSync, rmSync } from "node:fs";

import type { BngConfig } from "../../core/bng/config.ts";
import { KEA_FOLDER } from "../../core/bng/kea.ts";
import { formatPrefix6 } from "../../core/ip6.ts";
import { MEMBER_FOLDER } from "../../core/names.ts";
import { readIfThere, replaceFile } from "../files.ts";
import { log } from "../log.ts";

/** Which networks the leases are from; not in their folder, which is Kea's. */
const NETWORKS_FILE = `${MEMBER_FOLDER}/networks.json`;

/**
 * Forgets the leases of a BNG that was made anew with other networks: they outlive it in its volume, and would be routed
 * although nobody leases them any more. To be called before the DHCPv6 server starts.
 */
export function dropForeignLeases({ transfer, pool, delegatedLength }: BngConfig): void {
  const networks = JSON.stringify({
    transfer: formatPrefix6(transfer),
    pool: pool === undefined ? null : formatPrefix6(pool),
    delegatedLength,
  });
  const before = readIfThere(NETWORKS_FILE);
  if (before === networks) return;
  if (before !== undefined && existsSync(KEA_FOLDER)) {
    for (const file of readdirSync(KEA_FOLDER)) rmSync(`${KEA_FOLDER}/${file}`, { recursive: true });
    log("info", `other networks than before (${before}): the leases of then are forgotten`);
  }
  replaceFile(NETWORKS_FILE, networks);
}
