import { toDocument } from "../../../model/document.ts";
import { isCpeLive, type CpeWan } from "../../cpe/documents.ts";
import type { CpeSoftware } from "../../../model/lab/cpe-software-names.ts";
import { foreignSoftware } from "../../cpe/software/registry.ts";
import { formatIp6, formatPrefix6 } from "../../../model/ip6.ts";
import { linkBetween } from "../../../model/lab/engines.ts";
import type { Lab } from "../../../model/lab/model.ts";
import { linkName } from "../../../model/names.ts";
import { PlanLabel } from "../spec.ts";
import type { RoleContainers, Surroundings, WantedNode } from "./container.ts";

/** The containers of CPEs: one for each entry of `cpes` in the lab file. */
export const cpeContainers: RoleContainers = {
  isLive: isCpeLive,
  forgets: () => true,
  wanted: (lab, around) =>
    lab.cpes.map(({ name, providers, hosts, software }) => ({
      name,
      ...ofSoftware(software),
      document: toDocument({
        name,
        software,
        wans: providers.map((provider) => wanOf(lab, around, { provider, cpe: name })),
        hosts: hosts.map((host) => ({ name: host, link: linkName(lab.name, name, host) })),
      }),
      labels: { [PlanLabel.hosts]: hosts.join(",") },
    })),
};

/** The image and sysctls of a CPE that runs third-party software; none for the bundled one. */
function ofSoftware(software: CpeSoftware): Pick<WantedNode, "image" | "sysctls"> {
  const foreign = foreignSoftware(software);
  if (foreign === undefined) return {};
  const { image, acceptRa } = foreign;
  return {
    image,
    sysctls: {
      "net.ipv6.conf.all.accept_ra": acceptRa,
      "net.ipv6.conf.default.accept_ra": acceptRa,
    },
  };
}

/** A WAN of a CPE: its access link, which is a VXLAN if the provider is on another machine, and what to expect of the provider. */
function wanOf(lab: Lab, around: Surroundings, { provider, cpe }: { provider: string; cpe: string }): CpeWan {
  const link = linkName(lab.name, provider, cpe);
  const vxlan = linkBetween(lab, { provider, cpe, name: link })?.cpe;
  const { pool, delegatedLength, wireguard } = lab.providers.find(({ name }) => name === provider) ?? {};
  const probe = wireguard?.kind === "real" ? wireguard.probe : undefined;
  return {
    provider,
    link,
    ...(vxlan === undefined ? {} : { vxlan: { id: vxlan.id, remote: vxlan.remote } }),
    pool: pool === undefined ? undefined : `${formatPrefix6(pool)}/${delegatedLength}`,
    probe: probe === undefined ? around.probe : formatIp6(probe),
  };
}
