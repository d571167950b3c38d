import {
  containsAddress,
  formatIp6,
  formatPrefix6,
  overlaps,
  prefixOf,
  subnet,
  type Prefix6,
} from "../ip6.ts";
import { settledOf } from "./defaults.ts";
import type { Finding } from "../yaml/findings.ts";
import type { Endpoint } from "../values/parse.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";

/** Global unicast addresses (RFC 4291, section 2.4). */
const GLOBAL: Prefix6 = { bits: 1n << 125n, length: 3 };
const FAR_SIDE = ["endpoint", "peer", "address"] as const;

/** Every tunnel has exactly one far side: the bundled internet, or one that the provider names whole. */
export function checkTunnels({ internet, providers }: LabFile): Finding[] {
  if (internet === "bundled") return providers.flatMap(checkBundled);
  if (providers.every(({ wireguard }) => wireguard === undefined)) {
    return [
      {
        code: "MHLAB_LAB_FAR_SIDE_MISSING",
        message: "no provider says where its tunnel ends",
        hint: "add `internet: bundled` for an internet inside the lab, or give each provider wireguard: {endpoint: …, peer: …, address: …}",
        path: [],
      },
    ];
  }
  return [checkReal, checkNetwork, checkListener, checkAddress, checkProbe].flatMap((rule) =>
    providers.flatMap(rule),
  );
}

/** A listener of a server has one key. */
function checkListener(
  { name, wireguard }: ProviderEntry,
  index: number,
  providers: readonly ProviderEntry[],
): Finding[] {
  const { endpoint, peer } = wireguard ?? {};
  const other = providers
    .slice(0, index)
    .find(
      (earlier) => isSameServer(earlier, endpoint) && earlier.wireguard?.endpoint?.port === endpoint?.port,
    );
  const known = other?.wireguard?.peer;
  if (other === undefined || known === undefined || peer === undefined || known === peer) return [];
  return [
    {
      code: "MHLAB_LAB_FAR_SIDE_CLASH",
      message: `${name} and ${other.name} name the same endpoint, but different public keys of it`,
      hint: `a listener has one key: give both the same peer, or one of them another port`,
      path: ["providers", index, "wireguard", "peer"],
    },
  ];
}

/** A server tells its peers apart by their addresses; a global address is at one place whatever the servers. */
function checkAddress(
  { name, wireguard }: ProviderEntry,
  index: number,
  providers: readonly ProviderEntry[],
): Finding[] {
  const { endpoint, address } = wireguard ?? {};
  const other = providers
    .slice(0, index)
    .find(
      (earlier) =>
        earlier.wireguard?.address?.address === address?.address &&
        (isSameServer(earlier, endpoint) ||
          (address !== undefined && containsAddress(GLOBAL, address.address))),
    );
  if (other === undefined || address === undefined) return [];
  return [
    {
      code: "MHLAB_LAB_FAR_SIDE_CLASH",
      message: `${name} and ${other.name} have the same address ${formatIp6(address.address)} inside their tunnels`,
      hint: "an address inside the tunnel belongs to one peer: give each provider one of its own",
      path: ["providers", index, "wireguard", "address"],
    },
  ];
}

/** Who is asked whether the internet is reached is beyond the tunnel, and beyond the provider. */
function checkProbe({ name, prefix, wireguard }: ProviderEntry, index: number): Finding[] {
  const { probe, address } = wireguard ?? {};
  if (probe === undefined) return [];
  const where =
    probe === address?.address
      ? `${name}'s own end of the tunnel`
      : containsAddress(prefix, probe)
        ? `in ${name}'s own prefix`
        : undefined;
  return where === undefined
    ? []
    : [
        {
          code: "MHLAB_LAB_ADDRESS",
          message: `${name}'s probe ${formatIp6(probe)} is ${where}`,
          hint: "an answer from there says nothing about the internet: name an address that the far side has, or one beyond it",
          path: ["providers", index, "wireguard", "probe"],
        },
      ];
}

function isSameServer({ wireguard }: ProviderEntry, endpoint: Endpoint | undefined): boolean {
  return endpoint !== undefined && wireguard?.endpoint?.host.toLowerCase() === endpoint.host.toLowerCase();
}

function checkBundled({ name, wireguard = {} }: ProviderEntry, index: number): Finding[] {
  return ([...FAR_SIDE, "probe"] as const)
    .filter((key) => wireguard[key] !== undefined)
    .map((key) => ({
      code: "MHLAB_LAB_FAR_SIDE_UNUSED",
      message: `${name}'s ${key} has no use with internet: bundled`,
      hint: `the far side is made by mhlab; take ${key} out, or take \`internet: bundled\` out`,
      path: ["providers", index, "wireguard", key],
      on: "key",
    }));
}

function checkReal(provider: ProviderEntry, index: number): Finding[] {
  const { name, wireguard } = provider;
  const missing = FAR_SIDE.filter((key) => wireguard?.[key] === undefined);
  if (missing.length > 0) {
    return [
      {
        code: "MHLAB_LAB_FAR_SIDE_MISSING",
        message:
          wireguard === undefined
            ? `provider ${name} does not say where its tunnel ends`
            : `${name}'s tunnel has no ${missing.join(" and no ")}`,
        hint: "without `internet: bundled`, each provider has wireguard: {endpoint: 192.0.2.42:51820, peer: <public key>, address: 2001:db8:0:a::2/64}",
        path: wireguard === undefined ? ["providers", index] : ["providers", index, "wireguard"],
      },
    ];
  }
  return [];
}

/** A tunnel's network is nobody's network of CPEs. */
function checkNetwork(
  { name, wireguard }: ProviderEntry,
  index: number,
  providers: readonly ProviderEntry[],
): Finding[] {
  const inside = wireguard?.address;
  if (inside === undefined) return [];
  const network = prefixOf(inside.address, inside.length);
  const clash = providers
    .flatMap((owner) =>
      [subnet(owner.prefix, 64, 0n), settledOf(owner, undefined).delegation.pool].map((own) => ({
        owner: owner.name,
        own,
      })),
    )
    .find(({ own }) => own !== undefined && overlaps(own, network));
  return clash?.own === undefined
    ? []
    : [
        {
          code: "MHLAB_LAB_TUNNEL_OVERLAP",
          message: `${name}'s tunnel network overlaps ${formatPrefix6(clash.own)}, which ${clash.owner} gives to its CPEs`,
          hint: "the address inside the tunnel comes from a network of its own, agreed with the far side, such as 2001:db8:0:a::2/64",
          path: ["providers", index, "wireguard", "address"],
        },
      ];
}
