import { existsSync, readdirSync, rmSync, statfsSync } from "node:fs";

import type { BngConfig } from "../../core/bng/config.ts";
import { KEA_FOLDER } from "../../core/bng/kea.ts";
import { formatLink } from "../../core/links/environment.ts";
import { formatPrefix6 } from "../../core/ip6.ts";
import { MEMBER_FOLDER } from "../../core/names.ts";
import type { Problem } from "../../core/status/model.ts";
import { readIfThere, replaceFile } from "../files.ts";
import { log } from "../log.ts";

/** Which networks the leases are from, and on which link they were given; not in their folder, which is Kea's. */
const NETWORKS_FILE = `${MEMBER_FOLDER}/networks.json`;

/**
 * Forgets the leases of a BNG that was made anew with other networks, or on another link with other customers: they outlive
 * it in its volume, and would be routed although nobody has them any more. To be called before the DHCPv6 server starts.
 */
export function dropForeignLeases({ transfer, pool, delegatedLength, subscriber }: BngConfig): void {
  const networks = {
    transfer: formatPrefix6(transfer),
    pool: pool === undefined ? null : formatPrefix6(pool),
    delegatedLength,
  };
  const link = `${subscriber.interface} ${formatLink(subscriber.link)}`;
  const now = JSON.stringify({ ...networks, link });
  const before = readIfThere(NETWORKS_FILE);
  // An earlier version did not note the link.
  const same = before === now || before === JSON.stringify(networks);
  if (before !== undefined && !same && existsSync(KEA_FOLDER)) {
    for (const file of readdirSync(KEA_FOLDER)) rmSync(`${KEA_FOLDER}/${file}`, { recursive: true });
    log("info", `other networks or another link than before (${before}): the leases of then are forgotten`);
  }
  if (before !== now) replaceFile(NETWORKS_FILE, now);
}

/** A lease is a line of some 200 bytes, and the file is copied now and then: with less than this the next ones are refused. */
const LEAST_FREE_BYTES = 16 * 1024;

/** What is wrong when leases cannot be kept: the DHCPv6 server gives none then, and those given stay. */
export function leaseStoreProblem(): Problem | undefined {
  const { bavail, bsize } = statfsSync(MEMBER_FOLDER);
  if (bavail * bsize >= LEAST_FREE_BYTES) return undefined;
  return { code: "disk-full", message: `the disk of ${MEMBER_FOLDER} is full: no lease is given or renewed` };
}
