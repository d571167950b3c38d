import type { InternetConfig, InternetPeer } from "../../../model/internet/config.ts";
import type { ProviderServices } from "../../../model/internet/services.ts";
import { cacheAddress } from "../../../model/internet/cache.ts";
import { formatIp6, formatPrefix6 } from "../../../model/ip6.ts";
import type { Lab } from "../../../model/lab/model.ts";
import { INTERNET_CONFIG, INTERNET_NAME, KEY_FOLDER } from "../../../model/names.ts";
import { KEY_TO_COME } from "../../../model/lab/document.ts";
import type { ContainerSpec } from "../spec.ts";
import { internetServices } from "./internet-services.ts";
import { keyFile, presharedIn, type RoleContainers, type Surroundings } from "./container.ts";

/** One internet, where it is bundled. */
export const internetContainers: RoleContainers = {
  isLive: () => false,
  wanted(lab, around) {
    if (lab.internet !== "bundled") return [];
    const config = internetConfig(lab, around);
    const shared = lab.providers.filter(({ wireguard }) => wireguard.presharedKey);
    const files = [
      {
        path: INTERNET_CONFIG,
        mode: 0o644,
        content: { text: `${JSON.stringify(config, null, 2)}\n` },
      },
      ...[...around.tunnels.keys()].map((provider) =>
        keyFile(`${KEY_FOLDER}/${provider}.key`, { provider, side: "internet" }),
      ),
      ...shared.map(({ name }) =>
        keyFile(`${KEY_FOLDER}/${name}.psk`, { provider: name, side: "preshared" }),
      ),
    ];
    return [{ name: INTERNET_NAME, document: undefined, files }];
  },
  changedFiles(spec, keys, { internet }) {
    const wanted = peersOf(fileText(spec));
    if (internet === undefined) return "its tunnels could not be read";
    const present = peersOf(internet.config);
    const services = changedServices(internet.config, fileText(spec));
    const shared = presharedIn(spec);
    const changesOf = (name: string): string[] => [
      ...changedValues(present.get(name), wanted.get(name)),
      ...(internet.publicKeys.get(name) === keys.get(name)?.internet ? [] : ["new key of the internet"]),
      ...(shared.has(name) && internet.preshared?.get(name) !== keys.get(name)?.preshared
        ? ["new pre-shared key"]
        : []),
    ];
    const added = [...wanted.keys()].filter((name) => !present.has(name));
    const removed = [...present.keys()].filter((name) => !wanted.has(name));
    const changed = [...wanted.keys()].flatMap((name) => {
      const changes = present.has(name) ? changesOf(name) : [];
      return changes.length === 0 ? [] : [`${name} (${changes.join(", ")})`];
    });
    const words = [
      ...(added.length > 0 ? [`tunnel added: ${added.join(", ")}`] : []),
      ...(removed.length > 0 ? [`tunnel removed: ${removed.join(", ")}`] : []),
      ...(changed.length > 0 ? [`tunnel changed: ${changed.join(", ")}`] : []),
      ...(services.length > 0 ? [`changed for customers: ${services.join(", ")}`] : []),
    ];
    return words.length === 0 ? undefined : words.join("; ");
  },
};

/** The file that tells the bundled internet its tunnels. */
export function internetConfig(lab: Lab, around: Surroundings): InternetConfig {
  const { keys, tunnels } = around;
  const services = internetServices(lab, around);
  return {
    lab: lab.name,
    peers: lab.providers.flatMap((provider) => {
      const tunnel = tunnels.get(provider.name);
      if (tunnel === undefined) return [];
      const cache = cacheAddress(provider);
      return [
        {
          provider: provider.name,
          listenPort: tunnel.listenPort,
          publicKey: keys.get(provider.name)?.bng ?? KEY_TO_COME,
          localAddress: tunnel.internetAddress,
          remoteAddress: tunnel.bngAddress.replace(/\/.*$/, ""),
          prefix: formatPrefix6(provider.prefix),
          mtu: provider.wireguard.mtu,
          ...(cache === undefined ? {} : { cache: formatIp6(cache) }),
          ...(provider.wireguard.presharedKey ? { presharedKey: true } : {}),
        },
      ];
    }),
    ...(services.length === 0 ? {} : { services }),
  };
}

/** The values of a tunnel in words; a key is only said to be new. */
const TUNNEL_WORDS: readonly (readonly [key: Exclude<keyof InternetPeer, "prefixes">, word: string])[] = [
  ["prefix", "prefix"],
  ["listenPort", "port"],
  ["localAddress", "address here"],
  ["remoteAddress", "address of the provider"],
  ["mtu", "mtu"],
  ["cache", "cache"],
];

function changedValues(before: InternetPeer | undefined, after: InternetPeer | undefined): string[] {
  if (before === undefined || after === undefined) return [];
  return [
    ...TUNNEL_WORDS.filter(([key]) => before[key] !== after[key]).map(
      ([key, word]) => `${word} ${before[key]} → ${after[key]}`,
    ),
    ...(before.publicKey === after.publicKey ? [] : ["new key of the provider"]),
    ...((before.presharedKey ?? false) === (after.presharedKey ?? false)
      ? []
      : [after.presharedKey === true ? "with a pre-shared key" : "without a pre-shared key"]),
  ];
}

/** What is done for single providers, in words. */
const SERVICE_WORDS = {
  resolver: "resolver",
  nat64: "NAT64",
  pvd: "PvD",
} as const satisfies Record<Exclude<keyof ProviderServices, "provider">, string>;

function changedServices(before: string, after: string): string[] {
  const [present, wanted] = [servicesOf(before), servicesOf(after)];
  return [...new Set([...wanted.keys(), ...present.keys()])].flatMap((provider) => {
    const [was, is] = [present.get(provider), wanted.get(provider)];
    const words = (Object.keys(SERVICE_WORDS) as (keyof typeof SERVICE_WORDS)[])
      .filter((service) => JSON.stringify(was?.[service]) !== JSON.stringify(is?.[service]))
      .map((service) => SERVICE_WORDS[service]);
    return words.length === 0 ? [] : [`${provider} (${words.join(", ")})`];
  });
}

function fileText({ files }: ContainerSpec): string {
  const file = files.find(({ content }) => "text" in content);
  return file !== undefined && "text" in file.content ? file.content.text : "";
}

function peersOf(text: string): Map<string, InternetPeer> {
  return new Map((parse(text)?.peers ?? []).map((peer) => [peer.provider, peer]));
}

function servicesOf(text: string): Map<string, ProviderServices> {
  return new Map((parse(text)?.services ?? []).map((services) => [services.provider, services]));
}

function parse(text: string): InternetConfig | undefined {
  try {
    return JSON.parse(text) as InternetConfig;
  } catch {
    return undefined;
  }
}
