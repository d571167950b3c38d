/** What a CPE lets the hosts on its LAN know of whose prefixes are there: a router advertisement does not tell. */
import { containsAddress, parseIp6, parsePrefix6 } from "../ip6.ts";
import { LAB_FOLDER } from "../names.ts";
import { lanPrefixText, type Delegation } from "./delegations.ts";

export interface LanNotice {
  /** Whether each of its providers has delegated a prefix since it started: a missing one is still to come before. */
  readonly complete: boolean;
  /** Its providers, and the LAN's /64 of each one's delegation. */
  readonly providers: readonly { readonly provider: string; readonly prefix: string | null }[];
  /** Prefixes that linger on the LAN, deprecated. */
  readonly former: readonly { readonly provider: string; readonly prefix: string }[];
}

/** The file in the folder that the lab's containers share. */
export function lanNoticeFile(cpe: string): string {
  return `${LAB_FOLDER}/${cpe}.lan.json`;
}

/** What a CPE tells, by its providers in the order of its WANs. */
export function lanNotice(
  providers: readonly string[],
  delegations: readonly Delegation[],
  complete: boolean,
): LanNotice {
  return {
    complete,
    providers: providers.map((provider, wan) => {
      const delegation = delegations.find((one) => one.wan === wan && one.active);
      return { provider, prefix: delegation === undefined ? null : lanPrefixText(delegation.prefix) };
    }),
    former: delegations.flatMap(({ wan, prefix, active }) => {
      const provider = providers[wan];
      return active || provider === undefined ? [] : [{ provider, prefix: lanPrefixText(prefix) }];
    }),
  };
}

/** Whose prefix an address of a host is from; undefined when the CPE does not tell. */
export function providerOfAddress(address: string, notice: LanNotice | undefined): string | undefined {
  const told = notice === undefined ? [] : [...notice.providers, ...notice.former];
  return told.find(({ prefix }) => prefix !== null && isIn(address, prefix))?.provider;
}

/** The providers of whom a host should have a preferred address and has none; in their order. */
export function providersWithout(preferred: readonly string[], notice: LanNotice | undefined): string[] {
  if (notice === undefined) return [];
  return notice.providers
    .filter(({ prefix }) =>
      prefix === null ? !notice.complete : !preferred.some((address) => isIn(address, prefix)),
    )
    .map(({ provider }) => provider);
}

function isIn(address: string, prefix: string): boolean {
  const [inner, outer] = [parseIp6(address), parsePrefix6(prefix)];
  return inner !== undefined && outer !== undefined && containsAddress(outer, inner);
}
