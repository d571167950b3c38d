import { bundledTunnels } from "../internet/config.ts";
import { DEFAULT_SOFTWARE } from "./cpe-software-names.ts";
import { subnet } from "../ip6.ts";
import type { SubscriberLink } from "../links/registry.ts";
import type { Settled } from "../settings/registry.ts";
import { ownResolver } from "../settings/resolver.ts";
import { bundledCpes, hostNames, isDevice, settledOf, subscriberOf } from "./defaults.ts";
import { hostsOfDevice, providersOfDevice } from "./devices.ts";
import type { HostLink, Lab, Provider, ProviderTunnel } from "./model.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";

/** Fills in every default of a lab file that has passed the rules; throws TypeError on one that has not. */
export function resolveLab(file: LabFile): Lab {
  const resolvers = resolverAddresses(file);
  const providers = file.providers.map((entry) => resolveProvider(entry, file, resolvers));
  const cpes = bundledCpes(file).map((cpe) => ({
    name: cpe.name,
    hosts: hostNames(cpe),
    engine: cpe.engine,
    software: cpe.software ?? DEFAULT_SOFTWARE,
    providers: providers
      .filter(({ subscriber }) => subscriber.kind === "cpe" && subscriber.cpe === cpe.name)
      .map(({ name }) => name),
  }));
  const devices = (file.cpes ?? []).filter(isDevice).map((entry) => ({
    entry,
    name: entry.name,
    providers: providersOfDevice(entry, file.providers),
  }));
  const behindDevices = devices.flatMap(({ entry, name: device, providers: its }) =>
    hostsOfDevice(entry).map((host) => ({ ...host, providers: its, device })),
  );
  const hosts = (file.hosts ?? []).map(({ name, lan: link, engine }) => ({
    name,
    link,
    engine,
    providers: providers.filter(({ subscriber }) => isHeardOn(link, subscriber)).map((one) => one.name),
  }));
  const { name, internet = "real", internetEngine, engines = [] } = file;
  return {
    name,
    internet,
    internetEngine,
    engines,
    providers,
    cpes,
    hosts: [...behindDevices, ...hosts],
    devices: devices.map((one) => ({ name: one.name, providers: one.providers })),
  };
}

/** Whether a host may have addresses of a provider: on a link of the machine, of any whose customers are outside of the lab. */
function isHeardOn(link: HostLink, subscriber: SubscriberLink): boolean {
  if (link.kind === "lan") return subscriber.kind === "lan" && subscriber.lan === link.lan;
  return subscriber.kind !== "cpe" && subscriber.kind !== "lan";
}

/** The addresses of the resolvers that providers have for themselves, by provider. */
function resolverAddresses({ name, internet, providers }: LabFile): ReadonlyMap<string, string> {
  if (internet !== "bundled") return new Map();
  const tunnels = bundledTunnels(
    name,
    providers.map((provider) => provider.name),
  );
  return new Map(tunnels.map(({ provider, resolverAddress }) => [provider, resolverAddress]));
}

/** The same of one provider; `resolvers` are the addresses of those that providers have for themselves. */
export function resolveProvider(
  entry: ProviderEntry,
  { internet, cpes }: Pick<LabFile, "internet" | "cpes">,
  resolvers: ReadonlyMap<string, string> = new Map(),
): Provider {
  const subscriber = subscriberOf(entry, cpes);
  if (subscriber === undefined) throw new TypeError(`provider ${entry.name} has no subscriber`);
  const { resolver, advertised: told } = settledOf(entry, internet);
  const own = ownResolver(resolver, told.pref64) === undefined ? undefined : resolvers.get(entry.name);
  const settled = settledOf(entry, internet, own);
  const { provider, wireguard, delegation, lifetimes, filter, recorder, ra, advertised, pvd, line } = settled;
  return {
    ...provider,
    transfer: subnet(entry.prefix, 64, 0n),
    ...settled.place,
    ...delegation,
    ...settled.dhcpv6,
    lifetimes,
    wireguard: resolveTunnel(entry, wireguard, internet === "bundled"),
    subscriber,
    ...settled.dns,
    ...settled.captivePortal,
    ...filter,
    ...recorder,
    ra,
    advertised,
    pvd,
    resolver,
    line,
  };
}

function resolveTunnel(
  { name, wireguard: given = {} }: ProviderEntry,
  tunnel: Settled["wireguard"],
  bundled: boolean,
): ProviderTunnel {
  const { endpoint, peer, address, probe, ...basics } = tunnel;
  if (bundled) return { kind: "bundled", ...basics };
  if (given.endpoint === undefined || given.peer === undefined || given.address === undefined) {
    throw new TypeError(`provider ${name} has no far side`);
  }
  return { kind: "real", endpoint, peer, address, probe, ...basics };
}
