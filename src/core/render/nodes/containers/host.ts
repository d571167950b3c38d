import { isHostLive, type ProviderPrefix } from "../../cpe/documents.ts";
import { toDocument } from "../../../model/document.ts";
import { formatIp6, formatPrefix6 } from "../../../model/ip6.ts";
import type { Lab, LanHost, Provider } from "../../../model/lab/model.ts";
import { bngSubscriber, HOST_INTERFACE, placeOfHost } from "../../../model/links/bng.ts";
import { formatLink } from "../../../model/links/environment.ts";
import { kindOf } from "../../../model/links/registry.ts";
import { lanBridge, linkName } from "../../../model/names.ts";
import { deriveLinkLocal } from "../../../model/settings/router-advertisement.ts";
import { PlanLabel } from "../spec.ts";
import { linkLabels } from "./link-labels.ts";
import type { RoleContainers, Surroundings, WantedNode } from "./container.ts";

/** The hosts behind CPEs, those on LANs that providers share, and those on links of the machine. */
export const hostContainers: RoleContainers = {
  isLive: isHostLive,
  forgets: () => true,
  wanted: (lab, around) => [
    ...lab.cpes.flatMap((cpe) => cpe.hosts.map((name) => behindCpe(lab, around, { cpe: cpe.name, name }))),
    ...lab.hosts.map((host) =>
      host.link.kind === "lan"
        ? onLan(lab, around, { ...host, lan: host.link.lan })
        : onMachine(lab, around, host),
    ),
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
function onLan(
  lab: Lab,
  around: Surroundings,
  { name, lan, providers }: LanHost & { readonly lan: string },
): WantedNode {
  const routers = lab.providers
    .filter((provider) => providers.includes(provider.name) && provider.ra.lifetimeS > 0)
    .map(({ name: provider, transfer }) => ({
      provider,
      address: formatIp6(deriveLinkLocal(provider)),
      prefix: formatPrefix6(transfer),
    }));
  const link = formatLink({ kind: "lan", bridge: lanBridge(lan), owner: lab.name });
  return {
    name,
    document: toDocument({ name, link, probe: around.probe, routers }),
    labels: { [PlanLabel.lan]: lan },
  };
}

/** It makes its port as a BNG makes its access link, and tells whose an address is by its prefix. */
function onMachine(lab: Lab, around: Surroundings, { name, link, providers, device }: LanHost): WantedNode {
  const told = bngSubscriber(link, { lab: lab.name, provider: name }, HOST_INTERFACE);
  return {
    name,
    document: toDocument({
      name,
      link: formatLink(told.link),
      interface: told.interface,
      force: told.force,
      lab: lab.name,
      probe: around.probe,
      providers: lab.providers.filter((one) => providers.includes(one.name)).flatMap(prefixesOf),
    }),
    labels: {
      [PlanLabel.lan]: placeOfHost(link),
      ...(device === undefined ? {} : { [PlanLabel.device]: device }),
      ...linkLabels(name, link, told),
    },
    binds: kindOf(told.link).binds?.(told.link) ?? [],
  };
}

function prefixesOf({ name: provider, prefix, pool }: Provider): ProviderPrefix[] {
  const all = new Set([prefix, ...(pool === undefined ? [] : [pool])].map(formatPrefix6));
  return [...all].map((one) => ({ provider, prefix: one }));
}
