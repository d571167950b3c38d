import { existsSync, readdirSync, rmSync, statfsSync } from "node:fs";

import type { BngConfig } from "../../core/render/bng/config.ts";
import { KEA_FOLDER } from "../../core/render/bng/kea.ts";
import { formatLink } from "../../core/model/links/environment.ts";
import { NODE_FOLDER } from "../../core/model/names.ts";
import type { Problem } from "../../core/model/status/model.ts";
import { readIfThere, replaceFile } from "../files.ts";
import { log } from "../log.ts";

/** On which link the leases were given; not in their folder, which is Kea's. */
const LINK_FILE = `${NODE_FOLDER}/networks.json`;

/**
 * Forgets the leases of a BNG that was made anew on another link, with other customers: they outlive it in its volume, and
 * would be routed although nobody has them any more. To be called before the DHCPv6 server starts. Those of networks that
 * it has not any more are the hook's business.
 */
export function dropForeignLeases({ subscriber }: BngConfig): void {
  const link = `${subscriber.interface} ${formatLink(subscriber.link)}`;
  const text = readIfThere(LINK_FILE);
  const before = text === undefined ? undefined : linkIn(text);
  if (before !== undefined && before !== link && existsSync(KEA_FOLDER)) {
    for (const file of readdirSync(KEA_FOLDER)) rmSync(`${KEA_FOLDER}/${file}`, { recursive: true });
    log("info", `another link than before (${before}): the leases of then are forgotten`);
  }
  if (before !== link) replaceFile(LINK_FILE, JSON.stringify({ link }));
}

/** Undefined where it was not noted, as by an earlier version. */
function linkIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { readonly link?: string }).link;
  } catch {
    return undefined;
  }
}

/** A lease is a line of some 200 bytes, and the file is copied now and then: with less than this the next ones are refused. */
const LEAST_FREE_BYTES = 16 * 1024;

/** What is wrong when leases cannot be kept: the DHCPv6 server gives none then, and those given stay. */
export function leaseStoreProblem(): Problem | undefined {
  const { bavail, bsize } = statfsSync(NODE_FOLDER);
  if (bavail * bsize >= LEAST_FREE_BYTES) return undefined;
  return { code: "disk-full", message: `the disk of ${NODE_FOLDER} is full: no lease is given or renewed` };
}
