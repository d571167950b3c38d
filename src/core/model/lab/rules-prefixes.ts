import { containsPrefix, formatPrefix6, overlaps, subnet, type Prefix6 } from "../ip6.ts";
import { INTERNET_PREFIX } from "../internet/config.ts";
import { defaultPool, fitsPool, poolProblem } from "../settings/delegation.ts";
import { labValues } from "../settings/settle.ts";
import { disorders, lifetimes, type Lifetimes } from "../settings/lifetimes.ts";
import { settledOf, subscriberOf } from "./defaults.ts";
import type { Finding } from "../yaml/findings.ts";
import type { LabFile, ProviderEntry } from "./schema.ts";
import { formatDuration } from "../values/units.ts";

/** No address belongs to two providers, or to a provider and the bundled internet. */
export function checkPrefixes({ internet, providers }: LabFile): Finding[] {
  const taken = [
    ...(internet === "bundled" ? [{ owner: "the bundled internet", prefix: INTERNET_PREFIX }] : []),
    ...providers.map(({ name, prefix }) => ({ owner: name, prefix })),
  ];
  const first = taken.length - providers.length;
  return providers.flatMap(({ name, prefix }, index) => {
    const clash = taken.slice(0, first + index).find((other) => overlaps(other.prefix, prefix));
    if (clash === undefined) return [];
    const free = nextFree(
      prefix,
      taken.map((each) => each.prefix),
    );
    return {
      code: "MHLAB_LAB_PREFIX_OVERLAP" as const,
      message: `${name}'s prefix overlaps ${clash.owner === name ? "that of another provider of this name" : `${clash.owner}'s`}`,
      hint: `${relation(prefix, clash.prefix)}; free would be ${formatPrefix6(free)}`,
      path: ["providers", index, "prefix"],
    };
  });
}

function relation(prefix: Prefix6, other: Prefix6): string {
  const shown = formatPrefix6(prefix);
  if (prefix.length === other.length) return `both are ${shown}`;
  return `${shown} ${containsPrefix(other, prefix) ? "lies inside" : "contains"} ${formatPrefix6(other)}`;
}

function nextFree(prefix: Prefix6, taken: readonly Prefix6[]): Prefix6 {
  let free = prefix;
  let clash = taken.find((other) => overlaps(other, free));
  while (clash !== undefined) {
    const end =
      (clash.length < free.length ? clash : free).bits +
      (1n << BigInt(128 - Math.min(clash.length, free.length)));
    free = { bits: end, length: prefix.length };
    const wanted = free;
    clash = taken.find((other) => overlaps(other, wanted));
  }
  return free;
}

/** The pool lies in the prefix beside the transfer network, and holds at least one delegation. */
export function checkDelegations({ providers, cpes }: LabFile): Finding[] {
  return providers.flatMap((provider, index) => {
    const subscriber = subscriberOf(provider, cpes);
    const upperHalf = defaultPool(provider.prefix);
    if (upperHalf === undefined) return nothingToDelegate(provider, subscriber?.kind === "cpe", index);
    return checkPool(provider, upperHalf, index);
  });
}

function nothingToDelegate(
  { name, prefix, delegation }: ProviderEntry,
  cpe: boolean,
  index: number,
): Finding[] {
  if (delegation === undefined && !cpe) return [];
  return [
    {
      code: "MHLAB_LAB_NOTHING_TO_DELEGATE",
      message:
        delegation === undefined
          ? `${name} has a single /64, so its CPE would be delegated nothing`
          : `${name} has a single /64, so there is nothing to delegate`,
      hint: `${formatPrefix6(prefix)} is used up by the network between BNG and CPEs; give ${name} a shorter prefix, such as a /48${delegation === undefined ? "" : ", or take delegation out"}`,
      path: ["providers", index, delegation === undefined ? "prefix" : "delegation"],
      ...(delegation === undefined ? {} : { on: "key" as const }),
    },
  ];
}

function checkPool(provider: ProviderEntry, upperHalf: Prefix6, index: number): Finding[] {
  const { name, prefix, delegation } = provider;
  const pool = delegation?.prefix ?? upperHalf;
  const problem = poolProblem(prefix, pool);
  const path = ["providers", index, "delegation", "prefix"];
  if (problem === "outside") {
    return [
      {
        code: "MHLAB_LAB_POOL",
        message: `${name} cannot delegate from ${formatPrefix6(pool)}, which is not part of its prefix`,
        hint: `take a part of ${formatPrefix6(prefix)}, such as its upper half ${formatPrefix6(upperHalf)}`,
        path,
      },
    ];
  }
  if (problem === "covers transfer") {
    return [
      {
        code: "MHLAB_LAB_POOL",
        message: `${name}'s pool covers the transfer network ${formatPrefix6(subnet(prefix, 64, 0n))}`,
        hint: `the first /64 connects BNG and CPEs; delegate from the upper half, ${formatPrefix6(upperHalf)}, or leave the pool out`,
        path,
      },
    ];
  }
  const length = delegation?.length;
  if (length === undefined || fitsPool(pool, length)) return [];
  return [
    {
      code: "MHLAB_LAB_DELEGATED_LENGTH",
      message: `a /${length} does not fit into ${name}'s pool ${formatPrefix6(pool)}`,
      hint: `delegate ${pool.length === 64 ? "a /64" : `/${pool.length} to /64`}, or give ${name} a shorter prefix`,
      path: ["providers", index, "delegation", "length"],
    },
  ];
}

const key = (of: keyof Lifetimes): string => lifetimes[of].path.replace("delegation.", "");

/** How an early time offends, beside a late one. */
const OFFENDS = {
  preferredS: "is longer than",
  renewS: "comes after",
  rebindS: "comes after the end of",
  validS: "",
} as const;

/** Preferred is at most valid, renew at most rebind, rebind at most valid (RFC 8415); a router lives through its interval. */
export function checkTimes({ internet, providers }: LabFile): Finding[] {
  return providers.flatMap((provider, index) => {
    const given = labValues(provider);
    const settled = settledOf(provider, internet);
    const times = settled.lifetimes;
    const said = (of: keyof Lifetimes): string =>
      `${key(of)} (${formatDuration(times[of])}${given.lifetimes[of] === undefined ? ", by default" : ""})`;
    const findings: Finding[] = disorders(times, given.lifetimes).map(({ early, late, byDefault }) => ({
      code: "MHLAB_LAB_LIFETIMES",
      message: `${provider.name}'s ${said(early)} ${OFFENDS[early]} ${said(late)}`,
      hint: `the order is renew, rebind, valid, and preferred is at most valid; give ${key(early)} at most ${formatDuration(times[late])}${byDefault ? `, or take out ${key(late)}` : ""}`,
      path: ["providers", index, "delegation", key(byDefault ? late : early)],
    }));
    const { lifetimeS, intervalS } = settled.ra;
    if (lifetimeS === 0 || lifetimeS >= intervalS) return findings;
    return [
      ...findings,
      {
        code: "MHLAB_LAB_RA_LIFETIME",
        message: `${provider.name} would stop being a default router between two advertisements`,
        hint: `lifetime (${formatDuration(lifetimeS)}) is 0s, or at least interval (${formatDuration(intervalS)}); three times that is usual`,
        path: [
          "providers",
          index,
          "router-advertisement",
          given.ra.lifetimeS === undefined ? "interval" : "lifetime",
        ],
      },
    ];
  });
}
