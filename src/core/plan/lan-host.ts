/** A host on a LAN that providers share: what it is told of its port and of the routers there. */
import { formatLink, lanBridge } from "../bng/link.ts";
import { writeHostEnvironment } from "../cpe/environment.ts";
import { formatIp6 } from "../ip6.ts";
import type { Lab, LanHost } from "../lab/model.ts";
import { deriveLinkLocal } from "../settings/router-advertisement.ts";
import { PlanLabel, type ContainerSpec } from "./spec.ts";

/** Environment and labels; a provider that is no default router (`lifetime: 0s`) is not among the routers to expect. */
export function lanHostParts(
  lab: Lab,
  { name, lan, providers }: LanHost,
  probe: string | undefined,
): Pick<ContainerSpec, "env" | "labels"> {
  const routers = lab.providers
    .filter((provider) => providers.includes(provider.name) && provider.ra.lifetimeS > 0)
    .map((provider) => ({ provider: provider.name, address: formatIp6(deriveLinkLocal(provider.name)) }));
  const link = formatLink({ kind: "lan", bridge: lanBridge(lan), owner: lab.name });
  return { env: writeHostEnvironment({ name, link, routers, probe }), labels: { [PlanLabel.lan]: lan } };
}
