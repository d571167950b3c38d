import { MAX_LIFETIME_S } from "../values/units.ts";
import { seconds } from "./codec.ts";
import { setting, type GivenValues, type Section, type Values } from "./setting.ts";

const lifetime = seconds(1, MAX_LIFETIME_S);
const USUAL_PREFERRED_S = 1800;
const USUAL_VALID_S = 14_400;

/** Lifetimes and timers of what is delegated and advertised, in seconds (RFC 8415, 4861). */
export const lifetimes = {
  preferredS: setting({
    path: "delegation.preferred",
    codec: lifetime,
    default: {
      from: ({ givenValidS }) => Math.min(USUAL_PREFERRED_S, givenValidS ?? USUAL_PREFERRED_S),
      says: "`30m`, at most `valid`",
      usual: USUAL_PREFERRED_S,
    },
    group: "delegation",
    live: true,
    text: { schema: "Preferred lifetime.", lab: "preferred lifetime" },
    ask: { flag: "preferred", message: "Preferred lifetime" },
  }),
  validS: setting({
    path: "delegation.valid",
    codec: lifetime,
    default: {
      from: ({ preferredS }) => Math.max(USUAL_VALID_S, preferredS),
      says: "`4h`, at least `preferred`",
      usual: USUAL_VALID_S,
    },
    group: "delegation",
    live: true,
    text: { schema: "Valid lifetime.", lab: "valid lifetime" },
    ask: { flag: "valid", message: "Valid lifetime" },
  }),
  renewS: setting({
    path: "delegation.renew",
    codec: lifetime,
    default: {
      // RFC 8415 21.4
      from: ({ preferredS }) => Math.max(1, Math.floor(preferredS * 0.5)),
      says: "half of `preferred`",
    },
    group: "delegation",
    live: true,
    text: {
      schema: "When a CPE asks this provider again (T1); half of preferred by default.",
      lab: "T1: when a CPE asks this provider again; at most `rebind`",
    },
    examples: ["15m"],
  }),
  rebindS: setting({
    path: "delegation.rebind",
    codec: lifetime,
    default: {
      from: ({ preferredS }) => Math.max(1, Math.floor(preferredS * 0.8)),
      says: "four fifths of `preferred`",
    },
    group: "delegation",
    live: true,
    text: {
      schema: "When a CPE asks any provider (T2); four fifths of preferred by default.",
      lab: "T2: when it asks any provider; at most `valid`",
    },
    examples: ["24m"],
  }),
} satisfies Section;

/** Seconds (RFC 8415: preferred and valid lifetime, T1, T2). */
export type Lifetimes = Values<typeof lifetimes>;

/** Two lifetimes that are in the wrong order. */
interface Disorder {
  readonly early: keyof Lifetimes;
  readonly late: keyof Lifetimes;
  /** Nobody gave the early one. */
  readonly byDefault: boolean;
}

const ORDER = [
  ["preferredS", "validS"],
  ["renewS", "rebindS"],
  ["rebindS", "validS"],
] as const;

/** Preferred is at most valid, renew at most rebind, rebind at most valid; a default is only blamed alone. */
export function disorders(settled: Lifetimes, given: GivenValues<typeof lifetimes>): Disorder[] {
  const found: Disorder[] = [];
  for (const [early, late] of ORDER) {
    const byDefault = given[early] === undefined;
    if (settled[early] > settled[late] && !(byDefault && found.length > 0)) {
      found.push({ early, late, byDefault });
    }
  }
  return found;
}
