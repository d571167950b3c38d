import { HOST_FILE_KIND, isHostLive, readHostDocument } from "../../core/render/cpe/documents.ts";
import { HOST_FILE } from "../../core/model/names.ts";
import type { Clock } from "../clock.ts";
import { openIntent } from "../intent/open.ts";
import { log } from "../log.ts";
import { requireSysctls } from "../net/sysctl.ts";
import { serveAppliance } from "../serve/appliance.ts";
import { Host } from "./host.ts";

/** The role of a host, behind a CPE or on a LAN that providers share. */
export async function runHost(clock: Clock): Promise<void> {
  const intent = openIntent({
    file: HOST_FILE,
    kind: HOST_FILE_KIND,
    read: readHostDocument,
    isLive: isHostLive,
  });
  if (intent === undefined) return;
  requireSysctls([
    ["net/ipv6/conf/all/disable_ipv6", "0", "IPv6 would be off"],
    ["net/ipv6/conf/default/disable_ipv6", "0", "IPv6 would be off on new interfaces"],
    ["net/ipv6/conf/all/forwarding", "0", "a router takes no address from advertisements"],
    ["net/ipv6/conf/default/accept_ra", "1", "no address would come from advertisements"],
  ]);
  log("info", `host ${intent.config.name}`);
  await serveAppliance(new Host(intent, clock), clock);
}
