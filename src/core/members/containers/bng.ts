import { writeBngEnvironment } from "../../bng/environment.ts";
import type { Lab, Provider } from "../../lab/model.ts";
import { parseLink } from "../../links/environment.ts";
import { formatHostLink } from "../../links/host-link.ts";
import { bngConfig, PRESHARED_KEY_FILE, PRIVATE_KEY_FILE } from "../../plan/bng-config.ts";
import { kindOf } from "../../links/registry.ts";
import { PlanLabel } from "../../plan/spec.ts";
import { liveVariables } from "../../settings/registry.ts";
import {
  keyFile,
  presharedIn,
  type RoleContainers,
  type Surroundings,
  type WantedMember,
} from "./container.ts";

/** A BNG per provider. */
export const bngContainers: RoleContainers = {
  live: liveVariables,
  forgets: ({ env, labels }) =>
    labels[PlanLabel.cpe] !== undefined || parseLink(env["SUBSCRIBER_LINK"] ?? "")?.kind === "lan",
  wanted: (lab, around) => lab.providers.map((provider) => bng(lab, provider, around)),
  changedFiles(spec, keys, { held }) {
    const [wanted, found] = [keys.get(spec.name), held?.get(spec.name)];
    if (found === undefined) return undefined;
    if (found.publicKey !== wanted?.bng) return "its key changed";
    const shared = presharedIn(spec).size > 0;
    return shared && found.preshared !== wanted?.preshared ? "its pre-shared key changed" : undefined;
  },
};

function bng(lab: Lab, provider: Provider, { keys, tunnels }: Surroundings): WantedMember {
  const { name, subscriber, wireguard } = provider;
  const config = bngConfig(lab, provider, keys.get(name), tunnels);
  const hostLink = formatHostLink(name, config.subscriber);
  return {
    name,
    env: writeBngEnvironment(config),
    labels: {
      ...(subscriber.kind === "cpe" ? { [PlanLabel.cpe]: subscriber.cpe } : {}),
      ...(hostLink === undefined ? {} : { [PlanLabel.hostLink]: hostLink }),
      ...(config.subscriber.force === true ? { [PlanLabel.forced]: config.subscriber.interface } : {}),
    },
    binds: kindOf(config.subscriber.link).binds?.(config.subscriber.link) ?? [],
    files: [
      keyFile(PRIVATE_KEY_FILE, { provider: name, side: "bng" }),
      ...(wireguard.presharedKey ? [keyFile(PRESHARED_KEY_FILE, { provider: name, side: "preshared" })] : []),
    ],
  };
}
