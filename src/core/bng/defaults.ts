import { subnet, type Prefix6 } from "../ip6.ts";
import type { Lifetimes, RaOptions } from "../lab/model.ts";

/** RFC 6177 and BCOP 690: a /56 for a home. */
export const DEFAULT_DELEGATED_LENGTH = 56;

/** The upper half of a provider's prefix; undefined for a /64, which has nothing to delegate. */
export function defaultPool(prefix: Prefix6): Prefix6 | undefined {
  return prefix.length >= 64 ? undefined : subnet(prefix, prefix.length + 1, 1n);
}

/** What a common provider sends: M and O set, so that RFC 7084 CPEs ask for IA_NA and IA_PD. */
export const defaultRa: RaOptions = {
  managed: true,
  other: true,
  preference: "medium",
  lifetimeS: 1800,
  intervalS: 60,
  mtu: undefined,
};

/** Fills in what is not given: preferred 30 min, valid 4 h, T1 and T2 half and four fifths of preferred (RFC 8415 21.4). */
export function deriveLifetimes(given: { [K in keyof Lifetimes]?: number | undefined }): Lifetimes {
  const preferredS = given.preferredS ?? Math.min(1800, given.validS ?? 1800);
  const validS = given.validS ?? Math.max(14400, preferredS);
  return {
    preferredS,
    validS,
    renewS: given.renewS ?? Math.max(1, Math.floor(preferredS * 0.5)),
    rebindS: given.rebindS ?? Math.max(1, Math.floor(preferredS * 0.8)),
  };
}
