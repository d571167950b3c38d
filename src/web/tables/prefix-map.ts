/** A provider's space as a map: which part of it is what. Pure. */
import { formatPrefix6, parsePrefix6, prefixOf, type Prefix6 } from "../../core/model/ip6.ts";
import type { ProviderStatus } from "../../core/model/status/model.ts";

export interface MapPart {
  readonly what: "transfer" | "pool" | "delegated" | "excluded" | "old";
  readonly prefix: string;
  /** Where it begins and how much it is of the whole that is drawn, from 0 to 1. */
  readonly at: number;
  readonly share: number;
}

export interface PrefixMap {
  readonly whole: string;
  /** Of a former prefix: what became of it, and how long it lives. */
  readonly former?: { readonly state: string; readonly endsAt: string | null };
  readonly parts: readonly MapPart[];
}

type Named = Omit<MapPart, "at" | "share">;

/** By which the agent tells which part of each delegation is not the customer's. */
const EXCLUDE = "DELEGATED_EXCLUDE";

/**
 * All that a provider has; much nearer, the pool, and where a part of each is excluded (RFC 6603), the first delegation; then
 * each former prefix, while it is told of.
 */
export function prefixMaps(provider: ProviderStatus): PrefixMap[] {
  const { prefix, prefixes, transfer, pool, delegations, settings } = provider;
  const excluded = delegations.map(({ prefix: one }) => excludedOf(one, settings[EXCLUDE]));
  const delegated = delegations.flatMap(({ prefix: one }, index): Named[] => [
    { what: "delegated", prefix: one },
    ...(excluded[index] ?? []),
  ]);
  const [first] = delegations;
  const inPool: Named[] = pool === null ? [] : [{ what: "pool", prefix: pool }];
  const former = prefixes.filter(({ state }) => state !== "current");
  return [
    ...(prefix === ""
      ? []
      : [mapOf(prefix, [{ what: "transfer", prefix: transfer }, ...inPool, ...delegated])]),
    ...(pool === null ? [] : [mapOf(pool, delegated)]),
    ...(first === undefined || excluded[0]?.length !== 1 ? [] : [mapOf(first.prefix, delegated)]),
    ...former.map(({ prefix: old, state, endsAt }) => ({
      ...mapOf(old, [{ what: "old", prefix: old }, ...delegated]),
      former: { state, endsAt },
    })),
  ];
}

/** What is excluded of a delegation: the same part as of the first, by which it is named. */
function excludedOf(delegation: string, exclude: string | undefined): Named[] {
  const outer = parsePrefix6(delegation);
  const named = exclude === undefined ? undefined : parsePrefix6(exclude);
  if (outer === undefined || named === undefined || named.length <= outer.length) return [];
  const inside = named.bits & ((1n << BigInt(128 - outer.length)) - 1n);
  return [{ what: "excluded", prefix: formatPrefix6(prefixOf(outer.bits | inside, named.length)) }];
}

function mapOf(whole: string, parts: readonly Named[]): PrefixMap {
  const outer = parsePrefix6(whole);
  return {
    whole,
    parts: parts.flatMap((part) => {
      const inner = parsePrefix6(part.prefix);
      return outer === undefined || inner === undefined || !within(outer, inner)
        ? []
        : [{ ...part, ...placeIn(outer, inner) }];
    }),
  };
}

function within(outer: Prefix6, inner: Prefix6): boolean {
  const size = 1n << BigInt(128 - outer.length);
  return inner.length >= outer.length && inner.bits >= outer.bits && inner.bits < outer.bits + size;
}

/** Fractions of a space of up to 2^128: the division keeps 40 bits, which is more than a screen has. */
function placeIn(outer: Prefix6, inner: Prefix6): { at: number; share: number } {
  const shift = BigInt(128 - outer.length);
  const fraction = (bits: bigint): number => Number((bits << 40n) >> shift) / 2 ** 40;
  return { at: fraction(inner.bits - outer.bits), share: 2 ** (outer.length - inner.length) };
}
