import type { BngConfig } from "../bng/config.ts";
import { deriveLinkLocal } from "../bng/environment.ts";
import { lanBridge, type BngLink } from "../bng/link.ts";
import { INTERNET_ADDRESS, type BundledTunnel } from "../internet/config.ts";
import { parseInterfaceAddress6, parseIp6 } from "../ip6.ts";
import type { Lab, Provider, SubscriberLink } from "../lab/model.ts";
import { KEY_FOLDER, linkName, wireguardInterface } from "../names.ts";
import type { ProviderKeys } from "./spec.ts";

/** The subscriber interface inside a BNG, when it is not a claimed one. */
export const SUBSCRIBER_INTERFACE = "sub0";
/** Stands in a plan for a public key that the next `up` will make. */
export const KEY_TO_COME = "(a key that up will make)";
/** Where a BNG's private key lies in its container. */
export const PRIVATE_KEY_FILE = `${KEY_FOLDER}/private.key`;
/** Where its pre-shared key lies, when the provider has one. */
export const PRESHARED_KEY_FILE = `${KEY_FOLDER}/preshared.key`;

/** The configuration of a provider's BNG. */
export function bngConfig(
  lab: Lab,
  provider: Provider,
  keys: ProviderKeys | undefined,
  tunnels: ReadonlyMap<string, BundledTunnel>,
): BngConfig {
  const { wireguard } = provider;
  const tunnel = tunnels.get(provider.name);
  const bundledAddress = parseInterfaceAddress6(tunnel?.bngAddress ?? "");
  const far =
    wireguard.kind === "real"
      ? wireguard
      : {
          peer: keys?.internet ?? KEY_TO_COME,
          endpoint: { host: "127.0.0.1", port: tunnel?.listenPort ?? 0 },
          address: bundledAddress ?? { address: 0n, length: 128 },
          probe: parseIp6(INTERNET_ADDRESS),
        };
  return {
    name: provider.name,
    wireguard: {
      interface: wireguardInterface(provider.name),
      privateKey: { file: PRIVATE_KEY_FILE },
      presharedKeyFile: wireguard.presharedKey ? PRESHARED_KEY_FILE : undefined,
      peer: far.peer,
      address: far.address.address,
      addressLength: far.address.length,
      endpoint: far.endpoint,
      mtu: wireguard.mtu,
      keepaliveS: wireguard.keepaliveS,
      clampMss: wireguard.clampMss,
    },
    prefix: provider.prefix,
    transfer: provider.transfer,
    pool: provider.pool,
    delegatedLength: provider.delegatedLength,
    lifetimes: provider.lifetimes,
    ra: provider.ra,
    dns: provider.dns,
    dnsSearch: provider.dnsSearch,
    subscriber: subscriber(lab, provider),
    linkLocal: deriveLinkLocal(provider.name),
    sourceValidation: provider.sourceValidation,
    ...(provider.capture === undefined ? {} : { capture: provider.capture }),
    probe: far.probe,
  };
}

function subscriber(lab: Lab, provider: Provider): BngConfig["subscriber"] {
  const link = provider.subscriber;
  if (link.kind === "claim") {
    const force = link.force === true ? { force: link.force } : {};
    return { interface: link.interface, link: { kind: "claim" }, ...force };
  }
  return { interface: SUBSCRIBER_INTERFACE, link: madeLink(lab, provider.name, link) };
}

function madeLink(lab: Lab, provider: string, link: Exclude<SubscriberLink, { kind: "claim" }>): BngLink {
  if (link.kind === "cpe") return { kind: "veth", peer: linkName(lab.name, provider, link.cpe) };
  return link.kind === "lan" ? { kind: "lan", bridge: lanBridge(link.lan), owner: lab.name } : link;
}
