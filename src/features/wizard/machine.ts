/** What the wizard knows of the machine on which the containers run. */
import type { HostFacts } from "../../core/model/host/facts.ts";
import type { HostLink, HostNetwork } from "../../core/model/host/network.ts";
import { reasonsAgainstClaim } from "../../core/model/host/nic-safety.ts";
import type { Card } from "../../core/model/links/kind.ts";

export interface MachineFacts {
  /** Where the engine is that answers; undefined when none does. */
  readonly engine: string | undefined;
  /** `unknown` when it could not be found out. */
  readonly wireguard: "kernel" | "userspace" | "unknown";
  /** Whose interfaces these are: of the engine's host, or of this machine. */
  readonly seen: "engine" | "here" | "nowhere";
  /** The network cards, those that can be taken without harm first, with carrier before without. */
  readonly cards: readonly Card[];
  /** Names of its bridges. */
  readonly bridges: readonly string[];
}

/** When nothing could be found out. */
export const UNKNOWN_MACHINE: MachineFacts = {
  engine: undefined,
  wireguard: "unknown",
  seen: "nowhere",
  cards: [],
  bridges: [],
};

/** What a look at a host tells the wizard. */
export function machineFacts({
  network,
  features,
}: Pick<HostFacts, "network" | "features">): Pick<MachineFacts, "wireguard" | "cards" | "bridges"> {
  const wireguard = features.get("wireguard");
  return {
    wireguard: wireguard === undefined ? "unknown" : wireguard ? "kernel" : "userspace",
    cards: network === undefined ? [] : cardsOf(network),
    bridges: (network?.links ?? []).filter((link) => kindOf(link) === "bridge").map(({ ifname }) => ifname),
  };
}

function cardsOf(network: HostNetwork): Card[] {
  return network.links
    .filter((link) => link.link_type === "ether" && kindOf(link) === undefined)
    .map(({ ifname: name, address = "", flags }) => {
      const [against] = reasonsAgainstClaim(name, network);
      return { name, mac: address, carrier: flags.includes("LOWER_UP"), against };
    })
    .sort((one, other) => rank(one) - rank(other));
}

/** Those that can be taken without harm come first, with carrier before without. */
function rank({ against, carrier }: Card): number {
  return (against === undefined ? 0 : 2) + (carrier ? 0 : 1);
}

/** The kind of a virtual interface; undefined for a card. */
function kindOf({ linkinfo }: HostLink): string | undefined {
  return linkinfo?.info_kind;
}
