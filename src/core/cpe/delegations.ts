import { addressIn, formatIp6, formatPrefix6, parsePrefix6, subnet, type Prefix6 } from "../ip6.ts";
import type { Leased } from "./lease.ts";

/** A delegated prefix that the LAN knows, active or lingering until hosts have forgotten it. Times are Unix seconds. */
export interface Delegation {
  readonly wan: number;
  /** With length. */
  readonly prefix: string;
  /** Whether its WAN can carry packets; an inactive one is advertised as deprecated. */
  readonly active: boolean;
  readonly preferredUntil: number;
  readonly validUntil: number;
}

/** RFC 7084 L-13: a prefix that was replaced stays valid for two hours at most. */
const LONGEST_AFTERLIFE_S = 7200;

/**
 * What the LAN must know now: the present delegations, and earlier ones deprecated (RFC 7084 L-13, RFC 9096) until their
 * valid lifetime ends. `present` has one entry per WAN, undefined where there is no usable delegation.
 */
export function nextDelegations(
  known: readonly Delegation[],
  present: readonly (Leased | undefined)[],
  now: number,
): Delegation[] {
  const active = present.flatMap((leased, wan) =>
    leased === undefined || leased.validUntil <= now
      ? []
      : [
          {
            wan,
            prefix: leased.value,
            active: true,
            preferredUntil: leased.preferredUntil,
            validUntil: leased.validUntil,
          },
        ],
  );
  // A delegation of another length may give the LAN the same /64, which hosts then go on to use.
  const inUse = new Set(active.map(({ prefix }) => lanPrefixText(prefix)));
  const lingering = known
    .filter(({ prefix }) => !inUse.has(lanPrefixText(prefix)))
    .map((delegation) =>
      delegation.active
        ? {
            ...delegation,
            active: false,
            preferredUntil: now,
            validUntil: Math.min(delegation.validUntil, now + LONGEST_AFTERLIFE_S),
          }
        : delegation,
    )
    .filter(({ validUntil }) => validUntil > now);
  return [...active, ...lingering];
}

/** The /64 of a delegation that the LAN uses: number 1, or the only one. */
export function lanPrefix(delegation: string): Prefix6 {
  const prefix = parsePrefix6(delegation);
  if (prefix === undefined) throw new RangeError(`${delegation} is not a prefix`);
  return subnet(prefix, 64, prefix.length < 64 ? 1n : 0n);
}

/** The CPE's own address in the LAN's /64 of a delegation, without length. */
export function lanAddress(delegation: string): string {
  return formatIp6(addressIn(lanPrefix(delegation), 1n));
}

/** The LAN's /64 of a delegation as text. */
export function lanPrefixText(delegation: string): string {
  return formatPrefix6(lanPrefix(delegation));
}
