import { CPE_FILE_KIND, isCpeLive, readCpeDocument } from "../../core/render/cpe/documents.ts";
import { foreignSoftware } from "../../core/render/cpe/software/registry.ts";
import { CPE_FILE } from "../../core/model/names.ts";
import type { Clock } from "../clock.ts";
import { openIntent } from "../intent/open.ts";
import { log } from "../log.ts";
import { requireSysctls } from "../net/sysctl.ts";
import { serveAppliance } from "../serve/appliance.ts";
import { Home } from "./home.ts";

/** The role of a virtual CPE (RFC 7084) with one WAN per provider. */
export async function runCpe(clock: Clock): Promise<void> {
  const intent = openIntent({
    file: CPE_FILE,
    kind: CPE_FILE_KIND,
    read: readCpeDocument,
    isLive: isCpeLive,
  });
  if (intent === undefined) return;
  const { name, wans, software } = intent.config;
  const acceptRa = foreignSoftware(software)?.acceptRa ?? "2";
  requireSysctls([
    ["net/ipv6/conf/all/disable_ipv6", "0", "IPv6 would be off"],
    ["net/ipv6/conf/default/disable_ipv6", "0", "IPv6 would be off on new interfaces"],
    ["net/ipv6/conf/all/forwarding", "1", "nothing would be routed"],
    ["net/ipv6/conf/default/accept_ra", acceptRa, "the wrong one would follow the providers' advertisements"],
    ["net/ipv4/conf/default/promote_secondaries", "1", "dhcpcd would not start"],
  ]);
  log("info", `CPE ${name}: ${wans.map(({ provider }) => provider).join(", ")}`);
  await serveAppliance(new Home(intent, clock), clock);
}
