import { isHostLive } from "../../cpe/documents.ts";
import { toDocument } from "../../../model/document.ts";
import { formatIp6, formatPrefix6 } from "../../../model/ip6.ts";
import type { Lab, LanHost } from "../../../model/lab/model.ts";
import { formatLan } from "../../../model/links/lan.ts";
import { lanBridge, linkName } from "../../../model/names.ts";
import { deriveLinkLocal } from "../../../model/settings/router-advertisement.ts";
import { PlanLabel } from "../spec.ts";
import type { RoleContainers, Surroundings, WantedNode } from "./container.ts";

/** The hosts behind CPEs, and those on LANs that providers share. */
export const hostContainers: RoleContainers = {
  isLive: isHostLive,
  forgets: () => true,
  wanted: (lab, around) => [
    ...lab.cpes.flatMap((cpe) => cpe.hosts.map((name) => behindCpe(lab, around, { cpe: cpe.name, name }))),
    ...lab.hosts.map((host) => onLan(lab, around, host)),
  ],
};

function behindCpe(
  lab: Lab,
  around: Surroundings,
  { cpe, name }: { readonly cpe: string; readonly name: string },
): WantedNode {
  return {
    name,
    document: toDocument({ name, link: linkName(lab.name, cpe, name), cpe, probe: around.probe }),
    labels: { [PlanLabel.cpe]: cpe },
  };
}

/** A provider that is no default router (`lifetime: 0s`) is not among the routers to expect. */
function onLan(lab: Lab, around: Surroundings, { name, lan, providers }: LanHost): WantedNode {
  const routers = lab.providers
    .filter((provider) => providers.includes(provider.name) && provider.ra.lifetimeS > 0)
    .map(({ name: provider, transfer }) => ({
      provider,
      address: formatIp6(deriveLinkLocal(provider)),
      prefix: formatPrefix6(transfer),
    }));
  const link = formatLan({ kind: "lan", bridge: lanBridge(lan), owner: lab.name });
  return {
    name,
    document: toDocument({ name, link, probe: around.probe, routers }),
    labels: { [PlanLabel.lan]: lan },
  };
}
