/** Whether the host's kernel would take addresses and default routes from the providers that a lab emulates. */
import type { AttachedNode } from "../../core/model/lab/attached.ts";
import { kindOf } from "../../core/model/links/registry.ts";
import { warn, type Finding } from "../../core/model/host/finding.ts";
import { refuseRa } from "../../core/model/host/accept-ra.ts";
import type { HostFacts } from "../../core/model/host/facts.ts";
import type { NicManager } from "../../core/model/host/nic-manager.ts";
import type { HostLink } from "../../core/model/host/network.ts";

/** The interface by which the machine itself hears the advertisements on a link; undefined when it does not. */
export function hostEar({ link, customer }: AttachedNode): string | undefined {
  // The router is at the other end of a card that stays where it is: the machine hears it as well.
  if (customer && link.kind === "macvlan") return link.parent;
  return kindOf(link).hostEar?.(link);
}

/** A warning for each interface by which the host becomes a customer of its own lab. */
export function hostRaFindings(nodes: readonly AttachedNode[], facts: HostFacts): Finding[] {
  const ears = new Set(nodes.flatMap((node) => hostEar(node) ?? []));
  return [...ears].flatMap((name) => earFindings(name, facts));
}

function earFindings(name: string, { network, acceptsRa, managers }: HostFacts): Finding[] {
  const id = `host-ra-${name}`;
  const link = network?.links.find(({ ifname }) => ifname === name);
  if (link === undefined) {
    if (acceptsRa.get("default") !== true) return [];
    return [warn(id, sentence(name, "will take"), `${refuseRa(name)}   # once it is there`)];
  }
  const manager = managers.get(name);
  if (manager !== undefined) {
    const text = `${manager} manages ${name}: unless told otherwise, ${sentence(name, "takes")}`;
    return [warn(id, text, tellManager(name, manager))];
  }
  if (acceptsRa.get(name) !== true) return [];
  return hasTaken(link, network?.defaultDevices ?? [])
    ? [warn(id, sentence(name, "has taken"), `${refuseRa(name)} && ${forgetRa(name)}`)]
    : [warn(id, sentence(name, "will take"), refuseRa(name))];
}

function sentence(name: string, takes: string): string {
  return `the host ${takes} addresses and default routes from the emulated providers by ${name}`;
}

function hasTaken(link: HostLink, defaultDevices: readonly string[]): boolean {
  const learnt = (link.addr_info ?? []).some(
    ({ family, scope, dynamic }) => family === "inet6" && scope === "global" && dynamic === true,
  );
  return learnt || defaultDevices.includes(link.ifname);
}

/** What the kernel took stays until it ends, whatever the setting is by then. */
function forgetRa(name: string): string {
  return `sudo ip -6 addr flush dev ${name} scope global dynamic && sudo ip -6 route flush dev ${name} proto ra`;
}

/** Both managers hear advertisements themselves, whatever the kernel's setting. */
function tellManager(name: string, manager: NicManager): string {
  return manager === "NetworkManager"
    ? `sudo nmcli device modify ${name} ipv6.method link-local`
    : `in the [Network] section of its .network file: IPv6AcceptRA=no; then: sudo networkctl reload`;
}
