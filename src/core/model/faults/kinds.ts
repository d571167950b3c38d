/** All kinds of faults, in the order of the catalogue. Their names are a contract: overrides, scripts and records hold them. */
import { bngFaults } from "./bng.ts";
import { dhcpv6Faults } from "./dhcpv6.ts";
import { dnsFaults } from "./dns.ts";
import { mergeEffects, NO_EFFECTS, type Effects } from "./effects.ts";
import { waysOf, type FaultOf } from "./fault.ts";
import { lineFaults } from "./line.ts";
import { linkFaults } from "./link.ts";
import type { FaultOptions, ValuesOf } from "./option.ts";
import { raFaults } from "./ra.ts";
import type { FaultRecord, Surroundings } from "./record.ts";
import { upstreamFaults } from "./upstream.ts";

const FAULTS = {
  ...lineFaults,
  ...linkFaults,
  ...upstreamFaults,
  ...raFaults,
  ...dhcpv6Faults,
  ...dnsFaults,
  ...bngFaults,
};

export type FaultKind = keyof typeof FAULTS;
export type Fault = FaultOf<FaultKind>;
/** The kinds that happen once. */
export type SingleKind = {
  [K in FaultKind]: (typeof FAULTS)[K] extends { readonly once: true } ? K : never;
}[FaultKind];

export const FAULT_KINDS: readonly [FaultKind, ...FaultKind[]] = Object.keys(FAULTS) as [
  FaultKind,
  ...FaultKind[],
];

/** Whether a word is a kind of this version. */
export function isFaultKind(word: unknown): word is FaultKind {
  return typeof word === "string" && Object.hasOwn(FAULTS, word);
}

/** The record of a kind. */
export function faultRecord(kind: FaultKind): FaultRecord {
  return FAULTS[kind];
}

const FAMILIES: Readonly<Record<string, string>> = {
  line: "Line quality",
  link: "Access link",
  upstream: "Upstream",
  ra: "Router advertisements",
  dhcpv6: "DHCPv6",
  dns: "DNS",
  bng: "BNG",
};

/** The heading under which a form lists a kind. */
export function familyOf(kind: FaultKind): string {
  const [family = ""] = kind.split("-");
  return FAMILIES[family] ?? family;
}

/** One kind of the catalogue as data: what `mhlab fault kinds --json` prints; the keys are a contract. */
export interface Catalogued extends Pick<
  FaultRecord,
  "summary" | "provider" | "customer" | "normal" | "advice" | "once" | "directions"
> {
  readonly kind: FaultKind;
  readonly options: readonly {
    readonly name: string;
    readonly text: string;
    /** Which values are right, in words. */
    readonly right: string;
    readonly required: boolean;
    readonly default: string | null;
  }[];
  /** Features of the kernel. */
  readonly needs: readonly string[];
}

/** One kind as data. */
export function catalogued(kind: FaultKind): Catalogued {
  const { summary, provider, customer, normal, advice, once, directions, options, needs } = FAULTS[kind];
  return {
    kind,
    summary,
    provider,
    customer,
    normal,
    advice,
    once,
    directions,
    options: Object.entries(options).map(([name, { text, right, required = false, ...one }]) => ({
      name,
      text,
      right,
      required,
      default: one.default ?? null,
    })),
    needs: needs.map(({ name }) => name),
  };
}

/** A fault in force, with its options read. */
export interface ActiveFault {
  readonly fault: Fault;
  readonly values: ValuesOf<FaultOptions>;
  /** When it began, in milliseconds of the agent's monotonic clock. */
  readonly sinceMs: number;
}

/** What all faults together do at a time. */
export interface Composed {
  readonly effects: Effects;
  /** When they do something else, on the same clock; Infinity when they never do by themselves. */
  readonly untilMs: number;
}

/**
 * Composes faults in the order in which they were injected: a packet that the first one drops never meets the second, and
 * where two say another value of the same thing, the later one counts.
 */
export function composeEffects(faults: readonly ActiveFault[], bng: Surroundings, nowMs: number): Composed {
  let effects = NO_EFFECTS;
  let untilMs = Infinity;
  for (const { fault, values, sinceMs } of faults) {
    const { id, kind, direction, held = [] } = fault;
    const elapsedMs = Math.max(0, nowMs - sinceMs);
    const scene = { id, ways: waysOf(direction), bng, sinceMs, elapsedMs, held };
    const { changesInMs = Infinity, ...outcome } = FAULTS[kind].effects(values, scene);
    effects = mergeEffects(effects, outcome);
    untilMs = Math.min(untilMs, nowMs + changesInMs);
  }
  return { effects, untilMs };
}
