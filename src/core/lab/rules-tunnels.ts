import { formatPrefix6, overlaps, prefixOf, subnet } from "../ip6.ts";
import { settledOf } from "./defaults.ts";
import type { Finding } from "./findings.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";

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
  return providers.flatMap(checkReal);
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
  const inside = wireguard?.address;
  if (inside === undefined) return [];
  const network = prefixOf(inside.address, inside.length);
  const clash = [subnet(provider.prefix, 64, 0n), settledOf(provider, undefined).delegation.pool].find(
    (own) => own !== undefined && overlaps(own, network),
  );
  return clash === undefined
    ? []
    : [
        {
          code: "MHLAB_LAB_TUNNEL_OVERLAP",
          message: `${name}'s tunnel network overlaps ${formatPrefix6(clash)}, which ${name} gives to its CPEs`,
          hint: "the address inside the tunnel comes from a network of its own, agreed with the far side, such as 2001:db8:0:a::2/64",
          path: ["providers", index, "wireguard", "address"],
        },
      ];
}
