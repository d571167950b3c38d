import { defaultRa } from "../bng/defaults.ts";
import { INTERNET_ADDRESS } from "../internet/config.ts";
import { formatIp6, subnet } from "../ip6.ts";
import {
  defaultDelegatedLength,
  DEFAULT_KEEPALIVE_S,
  defaultTunnelMtu,
  hostNames,
  lifetimesOf,
  poolOf,
  subscriberOf,
} from "./defaults.ts";
import type { Lab, Provider, ProviderTunnel, RaOptions } from "./model.ts";
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
  const pool = poolOf(entry);
  return {
    name: entry.name,
    prefix: entry.prefix,
    transfer: subnet(entry.prefix, 64, 0n),
    pool,
    delegatedLength: entry.delegation?.length ?? defaultDelegatedLength(pool),
    lifetimes: lifetimesOf(entry),
    wireguard: resolveTunnel(entry, internet === "bundled"),
    subscriber,
    dns: entry.dns?.map(formatIp6) ?? (internet === "bundled" ? [INTERNET_ADDRESS] : []),
    dnsSearch: entry["dns-search"] ?? [],
    sourceValidation: entry["source-validation"] ?? "reject",
    ...(entry.capture === true ? { capture: true as const } : {}),
    ra: resolveRa(entry["router-advertisement"]),
  };
}

function resolveTunnel({ name, wireguard = {} }: ProviderEntry, bundled: boolean): ProviderTunnel {
  const { endpoint, peer, address, probe } = wireguard;
  const basics = {
    mtu: wireguard.mtu ?? defaultTunnelMtu(bundled ? undefined : endpoint?.host),
    keepaliveS: wireguard.keepalive ?? DEFAULT_KEEPALIVE_S,
    presharedKey: wireguard["preshared-key"] ?? false,
    clampMss: wireguard["clamp-mss"] ?? false,
  };
  if (bundled) return { kind: "bundled", ...basics };
  if (endpoint === undefined || peer === undefined || address === undefined) {
    throw new TypeError(`provider ${name} has no far side`);
  }
  return { kind: "real", endpoint, peer, address, probe, ...basics };
}

function resolveRa(given: ProviderEntry["router-advertisement"] = {}): RaOptions {
  return {
    managed: given.managed ?? defaultRa.managed,
    other: given.other ?? defaultRa.other,
    preference: given.preference ?? defaultRa.preference,
    lifetimeS: given.lifetime ?? defaultRa.lifetimeS,
    intervalS: given.interval ?? defaultRa.intervalS,
    mtu: given.mtu ?? defaultRa.mtu,
  };
}
