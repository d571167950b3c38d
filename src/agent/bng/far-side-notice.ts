import { existsSync, rmSync } from "node:fs";

import type { BngConfig } from "../../core/bng/config.ts";
import { liveNetworks } from "../../core/bng/networks.ts";
import { formatToldPrefixes, toldPrefixesFile } from "../../core/internet/told-prefixes.ts";
import { LAB_FOLDER } from "../../core/names.ts";
import { readIfThere, replaceFile } from "../files.ts";

/** Lets the bundled internet know which prefixes to route here, while they are others than the lab file says. */
export function tellFarSide(config: BngConfig): void {
  if (!existsSync(LAB_FOLDER)) return;
  const file = toldPrefixesFile(config.name);
  if (config.networks === undefined) {
    rmSync(file, { force: true });
    return;
  }
  const text = formatToldPrefixes(liveNetworks(config).map(({ prefix }) => prefix));
  if (readIfThere(file) !== text) replaceFile(file, text);
}
