import type { HostAddress } from "../../model/status/model.ts";
import { formatUtc } from "../../model/utc.ts";

/** An address as `ip -j addr` shows it; lifetimes are seconds that are left. */
export interface KernelAddress {
  readonly local: string;
  readonly scope: string;
  readonly tentative?: boolean;
  readonly deprecated?: boolean;
  /** From an advertisement. */
  readonly dynamic?: boolean;
  readonly preferred_life_time: number;
  readonly valid_life_time: number;
}

/** A global address of a host. Times are Unix seconds; null is for ever. */
export interface HeldAddress {
  readonly address: string;
  readonly state: HostAddress["state"];
  /** Whether somebody gave it by hand. */
  readonly byHand: boolean;
  readonly preferredUntil: number | null;
  readonly validUntil: number | null;
}

/** The kernel's way to say "for ever". */
const FOREVER = 0xffffffff;
/** The kernel rounds: an end that seems to move by less has not moved. */
const ROUNDING_S = 2;

/** The global addresses that the kernel has now; an end that was known stays what it was until it really moves. */
export function heldAddresses(
  before: readonly HeldAddress[],
  kernel: readonly KernelAddress[],
  now: number,
): HeldAddress[] {
  return kernel
    .filter(({ scope }) => scope === "global")
    .map(({ local, tentative, deprecated, dynamic, preferred_life_time, valid_life_time }) => {
      const known = before.find(({ address }) => address === local);
      return {
        address: local,
        // Each advertisement with a preferred lifetime of 0 clears Linux' flag until its timer sets it again.
        state:
          tentative === true
            ? "tentative"
            : deprecated === true || preferred_life_time === 0
              ? "deprecated"
              : "preferred",
        byHand: dynamic !== true,
        preferredUntil: endOf(preferred_life_time, known?.preferredUntil, now),
        validUntil: endOf(valid_life_time, known?.validUntil, now),
      };
    });
}

function endOf(left: number, known: number | null | undefined, now: number): number | null {
  if (left >= FOREVER) return null;
  const end = now + left;
  const same = known !== undefined && known !== null && Math.abs(known - end) < ROUNDING_S;
  // What is over has no end that moves on.
  return same || (left === 0 && known !== undefined && known !== null && known < end) ? known : end;
}

/** An address of a host before anything is measured of it. */
export type HeldHostAddress = Omit<HostAddress, "rttMs" | "lossPct">;

/** The same as `status` has it; `way` tells whose each address is and where its packets go. */
export function hostAddresses(
  held: readonly HeldAddress[],
  way: (address: string) => Pick<HostAddress, "provider" | "router">,
): HeldHostAddress[] {
  return held.map(({ address, state, preferredUntil, validUntil }) => ({
    address,
    ...way(address),
    state,
    preferredUntil: timeOf(preferredUntil),
    validUntil: timeOf(validUntil),
  }));
}

/** Those that new connections may use (RFC 4862). */
export function preferredOf<A extends Pick<HostAddress, "state">>(addresses: readonly A[]): A[] {
  return addresses.filter(({ state }) => state === "preferred");
}

function timeOf(end: number | null): string | null {
  return end === null ? null : formatUtc(end);
}
