import { writeCpeEnvironment } from "../../cpe/environment.ts";
import { linkName } from "../../names.ts";
import { PlanLabel } from "../../plan/spec.ts";
import { NOTHING_LIVE, type RoleContainers } from "./container.ts";

/** A CPE per entry of `cpes`. */
export const cpeContainers: RoleContainers = {
  live: NOTHING_LIVE,
  wanted: (lab, around) =>
    lab.cpes.map(({ name, providers, hosts }) => ({
      name,
      env: writeCpeEnvironment({
        name,
        wans: providers.map((provider) => ({ provider, link: linkName(lab.name, provider, name) })),
        hosts: hosts.map((host) => ({ name: host, link: linkName(lab.name, name, host) })),
        probe: around.probe,
      }),
      labels: { [PlanLabel.hosts]: hosts.join(",") },
    })),
};
