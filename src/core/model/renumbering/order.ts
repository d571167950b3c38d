/** What can be asked of a provider that is to have another prefix, and what that makes of those that it has. */
import { formatPrefix6, overlaps, parsePrefix6, type Prefix6 } from "../ip6.ts";
import { endOf, phaseOf, phasesAt, type PrefixPhase, type PrefixPhases } from "./phases.ts";

export type RenumberOrder =
  /** The present one is deprecated, both live for the overlap, then the former goes (RFC 4192). */
  | { readonly how: "graceful"; readonly to: Prefix6; readonly overlapS?: number }
  /** The present one is dead at once, and nobody is told of it (RFC 8978). */
  | { readonly how: "flash"; readonly to: Prefix6 }
  /** The present one is dead at once, and everybody is told; left out, the provider has none then. */
  | { readonly how: "withdraw"; readonly to?: Prefix6 }
  /** Back to the latest former one that is still there. */
  | { readonly how: "abort" };

export interface Circumstances {
  /** The prefix of the lab file. */
  readonly base: Prefix6;
  /** What is there now; undefined: only that. */
  readonly phases: PrefixPhases | undefined;
  readonly nowS: number;
  /** How long somebody may still hold what he was given before he is told, in seconds: the valid lifetime. */
  readonly heldS: number;
  /** How long former and new one live together when nobody says it, in seconds. */
  readonly usualOverlapS: number;
}

const LEAST_OVERLAP_S = 600;

/** Long enough for each CPE to renew once, and at least ten minutes; in seconds. */
export function usualOverlapS({ preferredS }: { readonly preferredS: number }): number {
  return Math.max(LEAST_OVERLAP_S, preferredS);
}

/** An order that makes no sense now; the message says why, and what would. */
export class OrderRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OrderRefused";
  }
}

/** The phases after an order; undefined when only the lab file's prefix is left. Throws OrderRefused. */
export function obey(order: RenumberOrder, around: Circumstances): PrefixPhases | undefined {
  const { base, nowS } = around;
  const before = presentPhases(around);
  return phasesAt(after(order, before, around), base, nowS);
}

/** What is there now, also when the override says nothing of it. */
export function presentPhases({
  base,
  phases,
  nowS,
}: Pick<Circumstances, "base" | "phases" | "nowS">): PrefixPhases {
  const left = phases === undefined ? undefined : phasesAt(phases, base, nowS);
  return left ?? [phaseOf(base, "current")];
}

function after(order: RenumberOrder, before: PrefixPhases, around: Circumstances): PrefixPhases {
  if (order.how === "abort") return undone(before, around);
  const { to } = order;
  if (to !== undefined) refuseOverlap(to, before);
  const rest = before.filter(({ prefix }) => to === undefined || prefix !== formatPrefix6(to));
  const current = to === undefined ? [] : [phaseOf(to, "current")];
  switch (order.how) {
    case "graceful":
      return [
        ...current,
        ...rest.map((phase) => fading(phase, order.overlapS ?? around.usualOverlapS, around)),
      ];
    case "flash":
      return current;
    case "withdraw":
      return [...current, ...withdrawn(rest, to === undefined, around)];
  }
}

/** What lives on lives as long as the overlap, with each order anew: so one can be repeated to lengthen it. */
function fading(phase: PrefixPhase, overlapS: number, { nowS, heldS }: Circumstances): PrefixPhase {
  const prefix = prefixOf(phase);
  return phase.state === "withdrawn"
    ? phaseOf(prefix, "withdrawn", endOf(phase) ?? nowS + heldS)
    : phaseOf(prefix, "deprecated", nowS + overlapS);
}

/** The end of them is told as long as anybody may hold what is not his any more; and for good where nothing takes their place. */
function withdrawn(phases: PrefixPhases, forGood: boolean, { nowS, heldS }: Circumstances): PrefixPhases {
  return phases.map((phase, index) =>
    phaseOf(prefixOf(phase), "withdrawn", forGood && index === 0 ? undefined : nowS + heldS),
  );
}

function undone(before: PrefixPhases, { base, nowS, heldS }: Circumstances): PrefixPhases {
  const former = before.find(({ state }) => state !== "current");
  if (former === undefined) {
    const [current] = before;
    const back =
      current?.prefix === formatPrefix6(base) ? "" : `; back to the lab file's: ${formatPrefix6(base)}`;
    throw new OrderRefused(
      `it is not being renumbered: ${current?.prefix ?? "nothing"} is all it has${back}`,
    );
  }
  const others = before.filter((phase) => phase !== former);
  const restored = phaseOf(prefixOf(former), "current");
  const endsAtS = endOf(former) ?? nowS + heldS;
  return [
    restored,
    ...others.map((phase) => {
      if (phase.state !== "current") return phase;
      // What was to be withdrawn is dead for its customers already; what comes back in its place comes as hard.
      return phaseOf(prefixOf(phase), former.state === "withdrawn" ? "withdrawn" : "deprecated", endsAtS);
    }),
  ];
}

function refuseOverlap(to: Prefix6, before: PrefixPhases): void {
  const clash = before.find((phase) => {
    const prefix = prefixOf(phase);
    return overlaps(prefix, to) && phase.prefix !== formatPrefix6(to);
  });
  if (clash !== undefined)
    throw new OrderRefused(`${formatPrefix6(to)} overlaps ${clash.prefix}, which it has (${clash.state})`);
}

function prefixOf({ prefix }: PrefixPhase): Prefix6 {
  const parsed = parsePrefix6(prefix);
  if (parsed === undefined) throw new RangeError(`${prefix} is not a prefix`);
  return parsed;
}
