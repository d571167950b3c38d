import {
  addressIn,
  containsPrefix,
  formatIp6,
  formatPrefix6,
  parsePrefix6,
  subnet,
  type Prefix6,
} from "../../model/ip6.ts";
import type { Leased } from "./lease.ts";

/** A delegated prefix that the LAN knows, active or lingering until hosts have forgotten it. Times are Unix seconds. */
export interface Delegation {
  readonly wan: number;
  /** With length. */
  readonly prefix: string;
  /** Whether its WAN can carry packets with its sources; an inactive one is advertised as deprecated. */
  readonly active: boolean;
  readonly preferredUntil: number;
  readonly validUntil: number;
  /** The provider does not delegate it any more, by the lab file: it is forgotten at its end, and does not linger. */
  readonly withdrawn?: true;
  /** Its WAN works and has another one: it is advertised as gone (RFC 9096 L-13), and not only as deprecated. */
  readonly stale?: true;
}

/** RFC 7084 L-13: a prefix that was replaced stays valid for two hours at most. */
const LONGEST_AFTERLIFE_S = 7200;

/**
 * What the LAN must know now: the present delegations, and earlier ones deprecated (RFC 7084 L-13, RFC 9096) until their
 * valid lifetime ends. `present` has one entry per WAN: its usable delegations, the preferred one first.
 */
export function nextDelegations(
  known: readonly Delegation[],
  present: readonly (readonly Leased[])[],
  now: number,
): Delegation[] {
  const withdrawn = new Set(
    known.filter((one) => one.withdrawn).map(({ wan, prefix }) => `${wan} ${prefix}`),
  );
  const active: Delegation[] = present.flatMap((ofWan, wan) =>
    ofWan
      .filter(({ validUntil }) => validUntil > now)
      .map(({ value, preferredUntil, validUntil }) => ({
        wan,
        prefix: value,
        active: true,
        preferredUntil,
        validUntil,
        ...(withdrawn.has(`${wan} ${value}`) ? { withdrawn: true as const } : {}),
      })),
  );
  // A delegation of another length may give the LAN the same /64, which hosts then go on to use.
  const inUse = new Set(active.map(({ prefix }) => lanPrefixText(prefix)));
  const lingering = known
    .filter(({ prefix, withdrawn: gone }) => gone !== true && !inUse.has(lanPrefixText(prefix)))
    .map((delegation): Delegation =>
      (present[delegation.wan] ?? []).length > 0 ? { ...delegation, stale: true } : delegation,
    )
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

/** The delegation of a WAN that its hosts are to use for what is new; undefined while there is none. */
export function chosenOf(delegations: readonly Delegation[], wan: number): Delegation | undefined {
  return delegations.find((delegation) => delegation.wan === wan && delegation.active);
}

/**
 * The same after the lab file gave the providers of these WANs other pools: RFC 9096 lets a prefix linger that hosts may not
 * have heard the end of; of one that is in no pool any more everybody in the lab is told. `pools` are words as in
 * `CPE_POOLS`.
 */
export function withdraw(
  known: readonly Delegation[],
  pools: ReadonlyMap<number, string | undefined>,
): Delegation[] {
  return known.flatMap((delegation): Delegation[] => {
    if (!pools.has(delegation.wan) || isFromPool(delegation.prefix, pools.get(delegation.wan)))
      return [delegation];
    return delegation.active ? [{ ...delegation, withdrawn: true }] : [];
  });
}

/**
 * The same without those that linger and are in no pool of their provider by the lab file: once everybody in the lab is what
 * that says, nobody is told of what was before. `pools` are words as in `CPE_POOLS`, by WAN.
 */
export function withoutStrays(
  known: readonly Delegation[],
  pools: ReadonlyMap<number, string | undefined>,
): Delegation[] {
  return known.filter(
    ({ wan, prefix, active }) => active || pools.get(wan) === undefined || isFromPool(prefix, pools.get(wan)),
  );
}

/** What a word of `CPE_POOLS` says: the network, and the length of what is delegated out of it. */
export function readPool(word = ""): { readonly network: Prefix6; readonly delegated: number } | undefined {
  const at = word.lastIndexOf("/");
  const network = parsePrefix6(word.slice(0, Math.max(0, at)));
  return network === undefined ? undefined : { network, delegated: Number(word.slice(at + 1)) };
}

function isFromPool(text: string, word: string | undefined): boolean {
  const pool = readPool(word);
  const prefix = parsePrefix6(text);
  return (
    pool !== undefined &&
    prefix !== undefined &&
    containsPrefix(pool.network, prefix) &&
    prefix.length === pool.delegated
  );
}

/** The /64 of a delegation that the LAN uses: number 1, or the only one. */
function lanPrefix(delegation: string): Prefix6 {
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
