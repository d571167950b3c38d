import type { Recorded } from "./condition-kind.ts";

/** When a member was first heard of, in seconds: what a record does not say of it from then on is not there. Undefined: never. */
export function knownFrom({ facts }: Pick<Recorded, "facts">, member: string): number | undefined {
  const own = facts.filter((fact) => fact.member === member);
  return own.length === 0 ? undefined : Math.min(...own.map(({ atS }) => atS));
}
