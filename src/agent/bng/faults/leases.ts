import type { Lease } from "../../../core/bng/leases.ts";
import type { Fault, HeldLease } from "../../../core/faults/fault.ts";
import { valuesOf } from "../../../core/faults/registry.ts";
import { containsPrefix, parsePrefix6, type Prefix6 } from "../../../core/ip6.ts";
import { formatUtc } from "../../../core/utc.ts";
import { counted } from "../../../core/words.ts";
import type { Attendant, DeedMaker } from "./deeds.ts";

/** What can be done to leases. */
export interface LeaseHands {
  all(): readonly Lease[];
  /** Takes leases out of the DHCPv6 server's database; resolves to those that were in it. */
  forget(prefixes: readonly string[]): Promise<readonly string[]>;
  /** Puts those back that still run and that nobody has got meanwhile; resolves to them. */
  giveBack(leases: readonly HeldLease[]): Promise<readonly string[]>;
}

/** The DHCPv6 server loses all that it knows. */
export function leaseLoss(hands: LeaseHands): DeedMaker {
  return {
    do: async () => {
      const forgotten = await hands.forget(hands.all().map(({ prefix }) => prefix));
      return `its BNG forgot ${counted(forgotten.length, "lease")}`;
    },
  };
}

/** The DHCPv6 server loses delegations whose routes stay. */
export function leaseLost(hands: LeaseHands): Attendant {
  return {
    take: (fault) => heldOf(hands.all(), fault),
    begin: async ({ held = [] }) => void (await hands.forget(held.map(({ prefix }) => prefix))),
    end: async ({ held = [] }) => void (await hands.giveBack(held)),
  };
}

function heldOf(leases: readonly Lease[], fault: Fault): HeldLease[] {
  const { from } = valuesOf(fault) as { from?: Prefix6 };
  return leases.flatMap(({ kind, prefix, customer, duid, iaid, preferredS, validS, endsAtS }) => {
    const parsed = parsePrefix6(prefix);
    const chosen = parsed !== undefined && (from === undefined || containsPrefix(from, parsed));
    if (kind !== "prefix" || customer === undefined || !chosen) return [];
    return [{ prefix, ...customer, duid, iaid, preferredS, validS, expiresAt: formatUtc(endsAtS) }];
  });
}
