import type { BngConfig } from "../bng/config.ts";
import { INTERNET_ADDRESS, type BundledTunnel } from "../internet/config.ts";
import { parseInterfaceAddress6, parseIp6 } from "../ip6.ts";
import type { Lab, Provider, RealFarSide } from "../lab/model.ts";
import { bngSubscriber } from "../links/bng.ts";
import { KEY_FOLDER, wireguardInterface } from "../names.ts";
import { deriveLinkLocal } from "../settings/router-advertisement.ts";
import type { ProviderKeys } from "./spec.ts";

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
    subscriber: bngSubscriber(provider.subscriber, { lab: lab.name, provider: provider.name }),
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
