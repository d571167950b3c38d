import { dhcp6c } from "./dhcp6c.ts";
import { dhcpcd } from "./dhcpcd.ts";
import type { ForeignSoftware } from "./foreign.ts";
import type { CpeSoftware, ForeignSoftwareName } from "../../../model/lab/cpe-software-names.ts";
import { networkd } from "./networkd.ts";

/** What a CPE can run instead of mhlab's own. */
export const FOREIGN_SOFTWARE = { networkd, dhcpcd, dhcp6c } as const satisfies Record<
  ForeignSoftwareName,
  ForeignSoftware
>;

/** The record of a software; undefined for mhlab's own. */
export function foreignSoftware(name: CpeSoftware): ForeignSoftware | undefined {
  return name === "bundled" ? undefined : FOREIGN_SOFTWARE[name];
}
