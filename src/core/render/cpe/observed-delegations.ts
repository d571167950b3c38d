/** What a CPE was delegated whose software tells nobody: seen by the addresses that it gives to the LAN. */
import { containsAddress, formatIp6, formatPrefix6, parseIp6, prefixOf } from "../../model/ip6.ts";
import { lanPrefixText, readPool, type Delegation } from "./delegations.ts";
import { isFrom } from "./forget.ts";
import type { KernelAddress } from "./host-addresses.ts";

/** A line to a provider. */
export interface ObservedWan {
  readonly number: number;
  /** What its provider delegates from by the lab file, as in `CPE_POOLS`. */
  readonly pool: string | undefined;
  /** The CPE's own global addresses on it. */
  readonly addresses: readonly string[];
}

const LAN_LENGTH = 64;
/** RFC 7084 leaves the length to the provider; this is what a home asks for. */
const HOME_LENGTH = 56;
/** Providers of a lab differ in these bits at the latest. */
const LIKE_A_PROVIDER = 32;

/**
 * The delegations behind the LAN's addresses. Whose an address is: as before; else of the provider whose pool it is in; else,
 * after a provider got another prefix, of the line whose own addresses are most like it.
 */
export function observedDelegations(
  addresses: readonly KernelAddress[],
  wans: readonly ObservedWan[],
  known: readonly Delegation[],
  now: number,
): Delegation[] {
  return addresses
    .filter(({ scope }) => scope === "global")
    .flatMap(({ local, preferred_life_time: preferredS, valid_life_time: validS }): Delegation[] => {
      const bits = parseIp6(local);
      const owner = bits === undefined ? undefined : ownerOf(bits, wans, known);
      if (bits === undefined || owner === undefined) return [];
      return [
        {
          wan: owner.number,
          prefix: delegationOf(bits, readPool(owner.pool)?.delegated),
          active: preferredS > 0,
          preferredUntil: now + preferredS,
          validUntil: now + validS,
        },
      ];
    })
    .toSorted((one, other) => other.preferredUntil - one.preferredUntil);
}

function ownerOf(
  address: bigint,
  wans: readonly ObservedWan[],
  known: readonly Delegation[],
): ObservedWan | undefined {
  const before = known.find(({ prefix }) => isFrom(formatIp6(address), [lanPrefixText(prefix)]))?.wan;
  const told = wans.find(({ number }) => number === before) ?? wans.find((wan) => inPool(wan, address));
  if (told !== undefined) return told;
  const alike = wans
    .map((wan) => ({ wan, bits: Math.max(0, ...wan.addresses.map((own) => commonBits(own, address))) }))
    .toSorted((one, other) => other.bits - one.bits)[0];
  return alike !== undefined && alike.bits >= LIKE_A_PROVIDER ? alike.wan : undefined;
}

/** The delegation that the LAN's network is number 1 of, as mhlab configures all software; else that network itself. */
function delegationOf(address: bigint, length = HOME_LENGTH): string {
  const network = formatPrefix6(prefixOf(address, LAN_LENGTH));
  const whole = formatPrefix6(prefixOf(address, Math.min(length, LAN_LENGTH)));
  return lanPrefixText(whole) === network ? whole : network;
}

function inPool(wan: ObservedWan, address: bigint): boolean {
  const pool = readPool(wan.pool);
  return pool !== undefined && containsAddress(pool.network, address);
}

function commonBits(own: string, address: bigint): number {
  const bits = parseIp6(own);
  if (bits === undefined) return 0;
  const differing = bits ^ address;
  return differing === 0n ? 128 : 128 - differing.toString(2).length;
}
