import type { LabTold } from "../../render/nodes/node.ts";
import { byName } from "../../render/nodes/node.ts";
import { PlanLabel } from "../../render/nodes/spec.ts";
import type {
  DeviceStatus,
  LabStatus,
  LanHostStatus,
  Problem,
  ProviderStatus,
} from "../../model/status/model.ts";

type Nodes = Pick<LabStatus, "providers" | "hosts">;

/** The routers of the user's own, as the nodes at both sides of them tell; labels and the lab file name them. */
export function devicesOf({ said, expected }: LabTold, { providers, hosts }: Nodes): DeviceStatus[] {
  const names = new Set([
    ...(expected?.devices ?? []).map(({ name }) => name),
    ...[...said.bng, ...said.host].flatMap(({ labels }) => labels[PlanLabel.device] ?? []),
  ]);
  return [...names]
    .map((name) => {
      const its = (side: "bng" | "host"): string[] =>
        said[side].filter(({ labels }) => labels[PlanLabel.device] === name).map(({ status }) => status.name);
      const known = expected?.devices?.find((one) => one.name === name);
      const [bngs, onLan] = [known?.providers ?? its("bng"), known?.hosts ?? its("host")];
      return deviceStatus(
        name,
        providers.filter((one) => bngs.includes(one.name)),
        hosts.filter((one) => onLan.includes(one.name)),
      );
    })
    .sort(byName);
}

function deviceStatus(
  name: string,
  providers: readonly ProviderStatus[],
  hosts: readonly LanHostStatus[],
): DeviceStatus {
  const wans = providers.map(wanOf);
  const problems = providers.flatMap((provider, index) => problemOf(provider, wans[index]) ?? []);
  const [first] = hosts;
  const lan =
    first === undefined
      ? null
      : { place: first.lan, routers: routersOf(hosts), hosts: hosts.map((host) => host.name) };
  const ready =
    problems.length === 0 &&
    wans.every(({ present, carrier }) => present && carrier) &&
    hosts.every((host) => host.ready);
  return { name, ready, wans, lan, problems };
}

function wanOf({
  name,
  subscriber,
  delegations,
  addresses,
  leaks,
}: ProviderStatus): DeviceStatus["wans"][number] {
  const { present, carrier, neighbours } = subscriber;
  return {
    provider: name,
    place: subscriber.place || subscriber.interface,
    present,
    carrier,
    macs: neighbours.map(({ mac }) => mac),
    sent: [...new Set(neighbours.flatMap(({ sent }) => sent))],
    addresses: [
      ...new Set([
        ...addresses.map(({ address }) => address),
        ...neighbours.flatMap((neighbour) => neighbour.addresses),
      ]),
    ],
    delegatedPrefixes: delegations.map(({ prefix }) => prefix),
    rejected: leaks.up,
  };
}

/** A link without a cable is the provider's problem already. */
function problemOf(
  { name, state, pool }: ProviderStatus,
  wan: DeviceStatus["wans"][number] | undefined,
): Problem | undefined {
  if (wan === undefined || state !== "running" || pool === null) return undefined;
  if (!wan.present || !wan.carrier || wan.delegatedPrefixes.length > 0) return undefined;
  return { code: "no-delegation", message: `${name} delegated it no prefix: ${heard(wan)}`, provider: name };
}

function heard({ macs, sent, place }: DeviceStatus["wans"][number]): string {
  if (macs.length === 0) return `nothing was heard on ${place}`;
  if (sent.includes("dhcpv6")) return "it asks by DHCPv6 and takes none";
  return sent.includes("router-solicitation")
    ? "it sent a router solicitation, and no DHCPv6"
    : "it sent neither a router solicitation nor DHCPv6";
}

function routersOf(hosts: readonly LanHostStatus[]): { address: string; hosts: string[] }[] {
  const addresses = new Set(
    hosts.flatMap(({ defaultRouters }) => defaultRouters.map(({ address }) => address)),
  );
  return [...addresses].sort().map((address) => ({
    address,
    hosts: hosts
      .filter(({ defaultRouters }) => defaultRouters.some((one) => one.address === address))
      .map(({ name }) => name),
  }));
}
