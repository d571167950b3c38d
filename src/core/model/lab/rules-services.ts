/** What customers are told to use must be there: a NAT64, a resolver, a provisioning domain. */
import { INTERNET_PREFIX } from "../internet/config.ts";
import { formatPrefix6, overlaps, subnet, type Prefix6 } from "../ip6.ts";
import { canonicalDomain } from "../values/parse.ts";
import { settledOf } from "./defaults.ts";
import type { Finding, Path } from "../yaml/findings.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";

/** Every contradiction between what a provider tells of, and who does it. */
export function checkServices(file: LabFile): Finding[] {
  return file.providers.flatMap((provider, index) => {
    const path = ["providers", index];
    return [
      ...checkNat64(provider, file, path),
      ...checkResolver(provider, file, path),
      ...checkPvd(provider, file, path),
    ];
  });
}

function checkNat64(provider: ProviderEntry, { internet, providers }: LabFile, path: Path): Finding[] {
  const { name, nat64 } = provider;
  const pref64 = provider["router-advertisement"]?.pref64;
  const at = [...path, "router-advertisement", "pref64"];
  const find = (message: string, hint: string, place: Path = at): Finding => ({
    code: "MHLAB_LAB_NAT64",
    message,
    hint,
    path: place,
  });
  if (nat64 === "bundled" && internet !== "bundled")
    return [
      find(
        `${name} wants a NAT64 of the bundled internet, which this lab does not have`,
        "say nat64: elsewhere when the far side has one, or give the lab internet: bundled",
        [...path, "nat64"],
      ),
    ];
  if (pref64 === undefined)
    return nat64 === undefined
      ? []
      : [
          find(
            `${name} has a NAT64, and no prefix for it`,
            "add router-advertisement: {pref64: 64:ff9b::/96}, or take nat64 out",
            [...path, "nat64"],
          ),
        ];
  if (internet !== "bundled" && nat64 === undefined)
    return [
      find(
        `${name} announces a NAT64, and nobody translates`,
        "say nat64: elsewhere when the far side has one, or take pref64 out",
      ),
    ];
  const clash = takenBy(provider, providers, internet).find(({ prefix }) => overlaps(prefix, pref64));
  return clash === undefined
    ? []
    : [
        find(
          `${name}'s NAT64 prefix overlaps ${formatPrefix6(clash.prefix)}, ${clash.owner}`,
          "take 64:ff9b::/96, or a part of the provider's prefix that is neither its first /64 nor in its pool",
        ),
      ];
}

/** What no NAT64 prefix of a provider may overlap. */
function takenBy(
  provider: ProviderEntry,
  providers: LabFile["providers"],
  internet: LabFile["internet"],
): { prefix: Prefix6; owner: string }[] {
  const { delegation } = settledOf(provider, internet);
  const own: [Prefix6 | undefined, string][] = [
    [subnet(provider.prefix, 64, 0n), "its transfer network"],
    [delegation.pool, "its pool"],
    ...(provider["router-advertisement"]?.prefixes ?? []).map(({ prefix }): [Prefix6, string] => [
      prefix,
      "which it announces",
    ]),
    [internet === "bundled" ? INTERNET_PREFIX : undefined, "where the bundled internet lives"],
    ...providers
      .filter((other) => other !== provider)
      .map((other): [Prefix6, string] => [other.prefix, `which is ${other.name}'s`]),
  ];
  return own.flatMap(([prefix, owner]) => (prefix === undefined ? [] : [{ prefix, owner }]));
}

function checkResolver(provider: ProviderEntry, { internet }: LabFile, path: Path): Finding[] {
  const { name, resolver } = provider;
  if (resolver === undefined) return [];
  const find = (message: string, hint: string, key: string): Finding => ({
    code: "MHLAB_LAB_RESOLVER",
    message,
    hint,
    path: [...path, "resolver", ...(key === "" ? [] : [key])],
  });
  if (internet !== "bundled")
    return [
      {
        ...find(
          `${name} cannot have a resolver of the bundled internet, which this lab does not have`,
          "name the far side's resolvers by dns: [2001:db8:a::53], or give the lab internet: bundled",
          "",
        ),
        on: "key",
      },
    ];
  const pref64 = provider["router-advertisement"]?.pref64;
  return resolver.dns64 === true && pref64 === undefined
    ? [
        find(
          `${name}'s resolver cannot make addresses without a NAT64 prefix`,
          "add router-advertisement: {pref64: 64:ff9b::/96}, or take dns64 out",
          "dns64",
        ),
      ]
    : [];
}

function checkPvd(provider: ProviderEntry, { internet, providers }: LabFile, path: Path): Finding[] {
  const { name, pvd } = provider;
  if (pvd === undefined) return [];
  const find = (message: string, hint: string, key?: string): Finding => ({
    code: "MHLAB_LAB_PVD",
    message,
    hint,
    path: [...path, "pvd", ...(key === undefined ? [] : [key])],
    ...(key === undefined ? { on: "key" as const } : {}),
  });
  if (pvd.name === undefined)
    return [find(`${name}'s provisioning domain has no name`, `add name, such as ${name}.example`)];
  const id = canonicalDomain(pvd.name);
  const other = providers
    .slice(0, providers.indexOf(provider))
    .find((earlier) => earlier.pvd?.name !== undefined && canonicalDomain(earlier.pvd.name) === id);
  if (other !== undefined)
    return [
      find(
        `${name} and ${other.name} say that they are one provisioning domain`,
        "a PvD ID is one provider's alone; give each a name of its own",
        "name",
      ),
    ];
  const served = (["no-internet", "zones", "expires"] as const).filter((key) => pvd[key] !== undefined);
  const why =
    internet !== "bundled"
      ? "the far side serves it"
      : pvd.http === false
        ? "http: false says that there is nothing to read"
        : undefined;
  return why === undefined
    ? []
    : served.map((key) => find(`${name}'s pvd.${key} is told to nobody`, `${why}; take ${key} out`, key));
}
