import { subnet } from "../ip6.ts";
import type { Settled } from "../settings/registry.ts";
import { hostNames, settledOf, subscriberOf } from "./defaults.ts";
import type { Lab, Provider, ProviderTunnel } from "./model.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";

/** Fills in every default of a lab file that has passed the rules; throws TypeError on one that has not. */
export function resolveLab(file: LabFile): Lab {
  const providers = file.providers.map((entry) => resolveProvider(entry, file));
  const cpes = (file.cpes ?? []).map((cpe) => ({
    name: cpe.name,
    hosts: hostNames(cpe),
    providers: providers
      .filter(({ subscriber }) => subscriber.kind === "cpe" && subscriber.cpe === cpe.name)
      .map(({ name }) => name),
  }));
  const hosts = (file.hosts ?? []).map(({ name, lan }) => ({
    name,
    lan,
    providers: providers
      .filter(({ subscriber }) => subscriber.kind === "lan" && subscriber.lan === lan)
      .map((provider) => provider.name),
  }));
  return { name: file.name, internet: file.internet ?? "real", providers, cpes, hosts };
}

function resolveProvider(entry: ProviderEntry, { internet, cpes }: LabFile): Provider {
  const subscriber = subscriberOf(entry, cpes);
  if (subscriber === undefined) throw new TypeError(`provider ${entry.name} has no subscriber`);
  const settled = settledOf(entry, internet);
  const { provider, wireguard, delegation, lifetimes, filter, recorder, ra, advertised } = settled;
  return {
    ...provider,
    transfer: subnet(entry.prefix, 64, 0n),
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
