import { existsSync, rmSync, statSync } from "node:fs";

import type { BngConfig } from "../../core/render/bng/config.ts";
import { liveNetworks } from "../../core/render/bng/networks.ts";
import { formatToldPrefixes, toldPrefixesFile } from "../../core/render/internet/told-prefixes.ts";
import { tunnelNoticeFile } from "../../core/render/internet/tunnel-notice.ts";
import { OPERATOR_FOLDER } from "../../core/model/names.ts";
import { readIfThere, replaceFile } from "../files.ts";
import { waitUntil } from "../patience.ts";

const LOOK_MS = 50;

/** Lets the bundled internet know which prefixes to route here, while they are others than the lab file says. */
export function tellFarSide(config: BngConfig): void {
  if (!existsSync(OPERATOR_FOLDER)) return;
  const file = toldPrefixesFile(config.name);
  if (config.networks === undefined) {
    rmSync(file, { force: true });
    return;
  }
  const text = formatToldPrefixes(liveNetworks(config).map(({ prefix }) => prefix));
  if (readIfThere(file) !== text) replaceFile(file, text);
}

/** Since when the bundled internet has its end of this provider's tunnel, in milliseconds; undefined while it tells of none. */
export function farSideSince(provider: string): number | undefined {
  return statSync(tunnelNoticeFile(provider), { throwIfNoEntry: false })?.mtimeMs;
}

/** Resolves when the bundled internet has its end of the tunnel, at the latest after `forMs`; at once where nobody could tell. */
export async function awaitFarSide(provider: string, forMs: number): Promise<void> {
  if (!existsSync(OPERATOR_FOLDER)) return;
  await waitUntil(() => farSideSince(provider) !== undefined, { everyMs: LOOK_MS, forMs });
}
