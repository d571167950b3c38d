import type { BngConfig } from "../bng/config.ts";
import { lanBridge, type BngLink } from "../bng/link.ts";
import { INTERNET_ADDRESS, type BundledTunnel } from "../internet/config.ts";
import { parseInterfaceAddress6, parseIp6 } from "../ip6.ts";
import type { Lab, Provider, RealFarSide, SubscriberLink } from "../lab/model.ts";
import { KEY_FOLDER, linkName, wireguardInterface } from "../names.ts";
import { deriveLinkLocal } from "../settings/router-advertisement.ts";
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
  const whole =
    wireguard.kind === "real"
      ? wireguard
      : { ...wireguard, ...bundledFarSide(keys, tunnels.get(provider.name)) };
  const { kind: _, presharedKey, address, probe, ...tunnel } = whole;
  return {
    ...provider,
    wireguard: {
      ...tunnel,
      interface: wireguardInterface(provider.name),
      privateKey: { file: PRIVATE_KEY_FILE },
      presharedKeyFile: presharedKey ? PRESHARED_KEY_FILE : undefined,
      address: address.address,
      addressLength: address.length,
    },
    subscriber: subscriber(lab, provider),
    linkLocal: deriveLinkLocal(provider.name),
    probe,
  };
}

function bundledFarSide(
  keys: ProviderKeys | undefined,
  tunnel: BundledTunnel | undefined,
): Pick<RealFarSide, "peer" | "endpoint" | "address" | "probe"> {
  return {
    peer: keys?.internet ?? KEY_TO_COME,
    endpoint: { host: "127.0.0.1", port: tunnel?.listenPort ?? 0 },
    address: parseInterfaceAddress6(tunnel?.bngAddress ?? "") ?? { address: 0n, length: 128 },
    probe: parseIp6(INTERNET_ADDRESS),
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
