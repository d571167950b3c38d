import type { Lab, Provider } from "../lab/model.ts";
import { block, ok, warn, type Finding } from "./finding.ts";
import type { HostFacts, NicManager } from "./host-facts.ts";
import type { Needs } from "./host-findings.ts";
import { hostRaFindings, refuseRa } from "./host-ra.ts";
import type { HostNetwork } from "./host-network.ts";
import { refuseClaim } from "./nic-safety.ts";
import type { Tried } from "./probe-script.ts";

/** The kernel features without which a lab cannot be made. */
export function needsOf(lab: Lab | undefined): Needs {
  return new Set(lab?.providers.flatMap(({ subscriber }) => needsOfLink(subscriber)));
}

function needsOfLink(link: Provider["subscriber"]): Tried[] {
  switch (link.kind) {
    case "vlan":
      return link.outer === undefined ? ["vlan"] : ["vlan", "qinq"];
    case "macvlan":
      return ["macvlan"];
    case "lan":
      return ["veth", "bridge"];
    case "cpe":
    case "veth":
    case "bridge":
      return ["veth"];
    case "claim":
      return [];
  }
}

/** Interfaces that running BNGs hold, and the provider of each. */
export type HeldInterfaces = ReadonlyMap<string, string>;

/** Whether each provider of a lab finds on the host what its subscriber link needs. */
export function linkFindings(lab: Lab, facts: HostFacts, held: HeldInterfaces = new Map()): Finding[] {
  const { network } = facts;
  if (network === undefined) return [];
  const links = lab.providers.flatMap(({ name, subscriber }): Finding[] => {
    const id = `link-${name}`;
    switch (subscriber.kind) {
      case "claim":
        return [
          nicFinding(id, subscriber, { network, held }),
          ...managerFindings(subscriber.interface, facts.managers.get(subscriber.interface)),
        ];
      case "vlan":
      case "macvlan":
        return [parentFinding(id, subscriber.parent, network)];
      case "bridge":
        return [bridgeFinding(id, subscriber.bridge, network)];
      default:
        return [];
    }
  });
  // A bridge that is to be made comes with the setting.
  const there = lab.providers.filter(
    ({ subscriber }) =>
      subscriber.kind !== "bridge" || network.links.some(({ ifname }) => ifname === subscriber.bridge),
  );
  return [...links, ...hostRaFindings(there, facts)];
}

function nicFinding(
  id: string,
  { interface: name, force }: { interface: string; force?: true },
  { network, held }: { network: HostNetwork; held: HeldInterfaces },
): Finding {
  const link = network.links.find(({ ifname }) => ifname === name);
  const holder = held.get(name);
  if (link === undefined && holder !== undefined) return ok(id, `${name} is with the BNG ${holder}`);
  if (link === undefined) {
    return warn(id, `${name} is not in the host's network; the BNG will wait for it`, "ip -br link");
  }
  const refusal = refuseClaim(name, network);
  if (refusal === undefined) return ok(id, `${name} is there and may be taken`);
  return force === true
    ? warn(id, refusal.replace("is not taken from the host", "will be taken by force although"))
    : block(
        id,
        refusal,
        `another interface, or in the lab file: subscriber: {interface: ${name}, force: true}`,
      );
}

function parentFinding(id: string, parent: string, network: HostNetwork): Finding {
  const link = network.links.find(({ ifname }) => ifname === parent);
  if (link === undefined)
    return warn(id, `${parent} is not in the host's network; the BNG will wait for it`, "ip -br link");
  if (link.flags.includes("UP")) return ok(id, `${parent} is there and up`);
  return warn(id, `${parent} is down on the host`, `sudo ip link set ${parent} up`);
}

function bridgeFinding(id: string, bridge: string, network: HostNetwork): Finding {
  const link = network.links.find(({ ifname }) => ifname === bridge);
  if (link === undefined) {
    const mend = `sudo ip link add ${bridge} type bridge && ${refuseRa(bridge)} && sudo ip link set ${bridge} up`;
    return warn(id, `there is no bridge ${bridge} on the host; the BNG will wait for it`, mend);
  }
  const kind = link.linkinfo?.info_kind;
  return kind === "bridge"
    ? ok(id, `the bridge ${bridge} is there`)
    : block(id, `${bridge} is no bridge, it is ${kind ?? "a physical interface"}`);
}

/** What stops a manager from configuring an interface that comes home, and from taking it while it is there. */
export function managerFindings(name: string, manager: NicManager | undefined): Finding[] {
  if (manager === undefined) return [];
  return [
    warn(
      `nic-manager-${name}`,
      `${manager} manages ${name}: it will start DHCP on the customers' port each time the BNG lets go of it`,
      stopManager(name, manager),
    ),
  ];
}

function stopManager(name: string, manager: NicManager): string {
  return manager === "NetworkManager"
    ? `printf '[keyfile]\\nunmanaged-devices=interface-name:${name}\\n' | sudo tee /etc/NetworkManager/conf.d/mhlab-${name}.conf && sudo nmcli general reload`
    : `printf '[Match]\\nName=${name}\\n[Link]\\nUnmanaged=yes\\n' | sudo tee /etc/systemd/network/05-mhlab-${name}.network && sudo networkctl reload`;
}
