/** What a CPE lets the hosts on its LAN know of whose prefixes are there: a router advertisement does not tell. */
import { LAB_FOLDER } from "../../model/names.ts";
import { chosenOf, lanPrefixText, type Delegation } from "./delegations.ts";
import type { ProviderPrefix } from "./documents.ts";
import { isFrom } from "./forget.ts";

export interface LanNotice {
  /** Whether each of its providers has delegated a prefix since it started, or will not: before, a missing one is still to come. */
  readonly complete: boolean;
  /** Its providers, and the LAN's /64 of each one's delegation. */
  readonly providers: readonly { readonly provider: string; readonly prefix: string | null }[];
  /** Prefixes that linger on the LAN, deprecated. */
  readonly former: readonly { readonly provider: string; readonly prefix: string }[];
  /** Prefixes that were told before and that nobody has any more. */
  readonly gone: readonly string[];
}

/** A provider of the CPE, by the number of its WAN. */
export interface NoticedWan {
  readonly wan: number;
  readonly provider: string;
}

/** How many prefixes that are gone are remembered. */
const REMEMBERED = 64;

/** The file in the folder that the lab's containers share. */
export function lanNoticeFile(cpe: string): string {
  return `${LAB_FOLDER}/${cpe}.lan.json`;
}

/** What a CPE tells, by its providers in the order of the lab file; `before` is what it told last. */
export function lanNotice(
  wans: readonly NoticedWan[],
  delegations: readonly Delegation[],
  complete: boolean,
  before?: LanNotice,
): LanNotice {
  const providers = wans.map(({ provider, wan }) => {
    const delegation = chosenOf(delegations, wan);
    return { provider, prefix: delegation === undefined ? null : lanPrefixText(delegation.prefix) };
  });
  const former = delegations.flatMap((one) => {
    const provider = wans.find(({ wan }) => wan === one.wan)?.provider;
    if (provider === undefined || one === chosenOf(delegations, one.wan)) return [];
    return [{ provider, prefix: lanPrefixText(one.prefix) }];
  });
  const told = prefixesOf({ providers, former });
  const earlier = before === undefined ? [] : [...before.gone, ...prefixesOf(before)];
  const gone = [...new Set(earlier)].filter((prefix) => !told.includes(prefix)).slice(-REMEMBERED);
  return { complete, providers, former, gone };
}

function prefixesOf({ providers, former }: Pick<LanNotice, "providers" | "former">): string[] {
  return [...providers, ...former].flatMap(({ prefix }) => prefix ?? []);
}

/** Whose prefix an address of a host is from; undefined when the CPE does not tell. */
export function providerOfAddress(address: string, notice: LanNotice | undefined): string | undefined {
  const told = notice === undefined ? [] : [...notice.providers, ...notice.former];
  return told.find(({ prefix }) => prefix !== null && isFrom(address, [prefix]))?.provider;
}

/** Whose prefix an address is from, as the lab file has them; null when it is nobody's. */
export function providerOfPrefix(address: string, prefixes: readonly ProviderPrefix[]): string | null {
  return prefixes.find(({ prefix }) => isFrom(address, [prefix]))?.provider ?? null;
}

/** The providers of whom a host should have a preferred address and has none; in their order. */
export function providersWithout(preferred: readonly string[], notice: LanNotice | undefined): string[] {
  if (notice === undefined) return [];
  return notice.providers
    .filter(({ prefix }) =>
      prefix === null ? !notice.complete : !preferred.some((address) => isFrom(address, [prefix])),
    )
    .map(({ provider }) => provider);
}
