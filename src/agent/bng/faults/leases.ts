import type { Lease } from "../../../core/bng/leases.ts";
import type { Fault, HeldLease } from "../../../core/faults/fault.ts";
import { valuesOf } from "../../../core/faults/registry.ts";
import { containsPrefix, parsePrefix6, type Prefix6 } from "../../../core/ip6.ts";
import { RequestError } from "../../../core/protocol/failure.ts";
import { formatUtc } from "../../../core/utc.ts";
import { counted } from "../../../core/words.ts";
import { NOTHING_DONE, type Attendant, type DeedMaker } from "./deeds.ts";

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

/** Customers are told another prefix in the place of theirs: noted is what they have, and nothing is taken. */
export function leaseMoved(hands: Pick<LeaseHands, "all">): Attendant {
  return { take: (fault) => heldOf(hands.all(), fault), ...NOTHING_DONE };
}

/** All are told one prefix: noted is the first one, unless the fault names another. Throws RequestError when there is none. */
export function leaseShared(hands: Pick<LeaseHands, "all">): Attendant {
  return {
    take(fault) {
      if (fault.options["prefix"] !== undefined) return [];
      const [first] = heldOf(hands.all(), fault).sort((one, other) => (one.prefix < other.prefix ? -1 : 1));
      if (first === undefined)
        throw new RequestError("bad-request", `${fault.kind}: nobody has a prefix yet; say which: prefix=…`);
      return [first];
    },
    ...NOTHING_DONE,
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
