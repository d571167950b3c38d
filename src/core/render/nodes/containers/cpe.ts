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

/** A CPE per entry of `cpes`. */
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
        wans: providers.map((provider) => {
          const link = linkName(lab.name, provider, name);
          const end = linkBetween(lab, { provider, cpe: name, name: link })?.cpe;
          return {
            provider,
            link,
            ...(end === undefined ? {} : { vxlan: { id: end.id, remote: end.remote } }),
            ...ofProvider(lab, around, provider),
          };
        }),
        hosts: hosts.map((host) => ({ name: host, link: linkName(lab.name, name, host) })),
      }),
      labels: { [PlanLabel.hosts]: hosts.join(",") },
    })),
};

/** What its container needs for software that is not mhlab's own. */
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

/** What its CPE has to know of a provider. */
function ofProvider({ providers }: Lab, around: Surroundings, name: string): Pick<CpeWan, "pool" | "probe"> {
  const provider = providers.find((one) => one.name === name);
  const { pool, delegatedLength } = provider ?? {};
  const own = provider?.wireguard.kind === "real" ? provider.wireguard.probe : undefined;
  return {
    pool: pool === undefined ? undefined : `${formatPrefix6(pool)}/${delegatedLength}`,
    probe: own === undefined ? around.probe : formatIp6(own),
  };
}
