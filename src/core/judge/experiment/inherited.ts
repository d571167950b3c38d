/** What a lab still holds of before a run, told from the statuses at t=0. */
import { describeOverride, isEmptyOverride } from "../../model/intent/runtime-override.ts";
import { containsAddress, parseIp6, parsePrefix6, type Prefix6 } from "../../model/ip6.ts";
import type { CpeStatus, HostStatus, NodeStatus, ProviderStatus } from "../../model/status/model.ts";
import { counted } from "../../model/words.ts";
import type { Inherited } from "./record.ts";

/** A node's status, and the CPE of the lab that a host or a provider's access link belongs to. */
export interface NodeAtStart {
  readonly status: NodeStatus;
  readonly cpe: string | undefined;
}

/** Addresses that a provider could have given: others, such as ULAs, are not the providers' affair. */
const GLOBAL = parsePrefix6("2000::/3");

/** Returns what nodes inherited from before the run, in words; empty when the lab has no memory of it. */
export function inheritedBy(nodes: readonly NodeAtStart[]): Inherited[] {
  const providers = new Map<string, readonly Prefix6[]>();
  const cpes = new Map<string, CpeStatus>();
  for (const { status } of nodes) {
    if (status.role === "bng")
      providers.set(status.name, parsed(status.prefixes.map(({ prefix }) => prefix)));
    if (status.role === "cpe") cpes.set(status.name, status);
  }
  return nodes.flatMap(({ status, cpe }) => {
    const found =
      status.role === "bng"
        ? ofProvider(status, cpe)
        : status.role === "cpe"
          ? ofCpe(status, providers)
          : status.role === "host"
            ? ofHost(status, cpe === undefined ? [...providers.values()].flat() : ownPrefixes(cpes.get(cpe)))
            : [];
    return found.map((what) => ({ node: status.name, what }));
  });
}

function ofProvider(
  { override, prefix, delegations, addresses, subscriber }: ProviderStatus,
  cpe: string | undefined,
): string[] {
  const overridden = isEmptyOverride(override) ? [] : [`runtime override: ${describeOverride(override)}`];
  const leased = [...delegations.map((one) => one.prefix), ...addresses.map(({ address }) => address)];
  if (cpe === undefined && subscriber.kind !== "lan") {
    const kept = leased.length === 0 ? "" : `; ${counted(leased.length, "lease")}: ${leased.join(", ")}`;
    return [
      ...overridden,
      `the devices on ${subscriber.place || subscriber.interface} are not part of the lab, and keep their addresses, routes and leases${kept}`,
    ];
  }
  const foreign = outside(leased, parsed([prefix]));
  return [
    ...overridden,
    ...(foreign.length === 0 ? [] : [`leases of another prefix: ${foreign.join(", ")}`]),
  ];
}

function ofCpe({ wans }: CpeStatus, providers: ReadonlyMap<string, readonly Prefix6[]>): string[] {
  return wans.flatMap(({ provider, interface: wan, addresses, delegatedPrefix, formerPrefixes }) => {
    const own = providers.get(provider);
    const at = `${wan} (${provider})`;
    const former = formerPrefixes.map(({ prefix }) => prefix);
    const foreign =
      own === undefined
        ? []
        : outside([...addresses, ...(delegatedPrefix === null ? [] : [delegatedPrefix])], own);
    return [
      ...(foreign.length === 0 ? [] : [`${at}: ${foreign.join(", ")} of a former prefix`]),
      ...(former.length === 0 ? [] : [`${at}: former delegations ${former.join(", ")}`]),
    ];
  });
}

function ofHost({ addresses }: HostStatus, prefixes: readonly Prefix6[]): string[] {
  // Where nothing is known of the router, nothing can be said of its host.
  if (prefixes.length === 0) return [];
  const foreign = outside(
    addresses.map(({ address }) => address),
    prefixes,
  );
  return foreign.length === 0 ? [] : [`addresses of a former prefix: ${foreign.join(", ")}`];
}

/** Prefixes that hosts of a CPE may have addresses of, with those that it tells itself as former ones. */
function ownPrefixes(cpe: CpeStatus | undefined): Prefix6[] {
  const wans = cpe?.wans ?? [];
  return parsed(
    wans.flatMap(({ delegatedPrefix, formerPrefixes }) => [
      ...(delegatedPrefix === null ? [] : [delegatedPrefix]),
      ...formerPrefixes.map(({ prefix }) => prefix),
    ]),
  );
}

/** Global addresses and prefixes that lie in none of the prefixes. */
function outside(texts: readonly string[], prefixes: readonly Prefix6[]): string[] {
  return texts.filter((text) => {
    const address = parseIp6(text.replace(/\/.*$/, ""));
    if (address === undefined || GLOBAL === undefined || !containsAddress(GLOBAL, address)) return false;
    return !prefixes.some((prefix) => containsAddress(prefix, address));
  });
}

function parsed(texts: readonly string[]): Prefix6[] {
  return texts.flatMap((text) => parsePrefix6(text) ?? []);
}
