/** The prefixes of a provider while it is renumbered (RFC 4192): what stands in its override, and what time makes of that. */
import { least } from "../least.ts";
import { formatPrefix6, parsePrefix6, type Prefix6 } from "../ip6.ts";
import { formatUtc, parseUtc } from "../utc.ts";
import { showValue } from "../values/parse.ts";

/**
 * `current`: announced and delegated as ever. `deprecated`: still routed and allowed, announced with a preferred lifetime of
 * 0, and leased to nobody anew. `withdrawn`: dead, and everybody is told so.
 */
export const PREFIX_STATES = ["current", "deprecated", "withdrawn"] as const;
export type PrefixState = (typeof PREFIX_STATES)[number];

/** A prefix in one of its states, as the override's file has it. */
export interface PrefixPhase {
  /** Canonical. */
  readonly prefix: string;
  readonly state: PrefixState;
  /** When it goes, UTC; undefined when it stays as it is. */
  readonly endsAt?: string;
}

/** The current one first, then the former ones, the latest first. Without a current one the provider has none. */
export type PrefixPhases = readonly PrefixPhase[];

/** A phase that ends at a moment, in seconds since 1970; without one it does not. */
export function phaseOf(prefix: Prefix6, state: PrefixState, endsAtS?: number): PrefixPhase {
  const phase = { prefix: formatPrefix6(prefix), state };
  return endsAtS === undefined ? phase : { ...phase, endsAt: formatUtc(endsAtS, 3) };
}

/** When a phase ends, in seconds since 1970; undefined when it does not. */
export function endOf({ endsAt }: PrefixPhase): number | undefined {
  return endsAt === undefined ? undefined : parseUtc(endsAt);
}

/** What is left at a moment, and undefined when that is just what the lab file says: one prefix, and that one. */
export function phasesAt(phases: PrefixPhases, base: Prefix6, nowS: number): PrefixPhases | undefined {
  const left = phases.filter((phase) => (endOf(phase) ?? Number.POSITIVE_INFINITY) > nowS);
  const [only, ...more] = left;
  const plain = more.length === 0 && only?.state === "current" && only.prefix === formatPrefix6(base);
  return plain ? undefined : left;
}

/** When the next phase ends, in seconds since 1970. */
export function nextEnd(phases: PrefixPhases): number | undefined {
  return least(phases.map(endOf));
}

/** Reads what an override's file has; throws an Error that says what is wrong. */
export function parsePhases(value: unknown): PrefixPhases {
  if (!Array.isArray(value) || value.length === 0) throw new Error("prefixes is no list with an entry");
  const phases = value.map(parsePhase);
  if (phases.slice(1).some(({ state }) => state === "current"))
    throw new Error("prefixes has a current one that is not the first");
  if (new Set(phases.map(({ prefix }) => prefix)).size < phases.length)
    throw new Error("prefixes has one of them twice");
  return phases;
}

function parsePhase(value: unknown): PrefixPhase {
  const { prefix, state, endsAt } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const parsed = typeof prefix === "string" ? parsePrefix6(prefix) : undefined;
  if (parsed === undefined) throw new Error("a prefix of prefixes is none");
  const known = PREFIX_STATES.find((one) => one === state);
  if (known === undefined) throw new Error(`the state ${showValue(String(state))} of a prefix is none`);
  if (endsAt === undefined) return { prefix: formatPrefix6(parsed), state: known };
  if (typeof endsAt !== "string" || parseUtc(endsAt) === undefined)
    throw new Error("endsAt of a prefix is no time");
  return { prefix: formatPrefix6(parsed), state: known, endsAt };
}

/** The same for people: `2001:db8:b::/48 current, 2001:db8:a::/48 deprecated until 2026-11-24T12:10:00Z`. */
export function describePhases(phases: PrefixPhases): string {
  return phases
    .map((phase) => {
      const ends = endOf(phase);
      return `${phase.prefix} ${phase.state}${ends === undefined ? "" : ` until ${formatUtc(ends)}`}`;
    })
    .join(", ");
}
