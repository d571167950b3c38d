/** What is true of a lab over time, as a record tells it. */
import type { Fact } from "./model.ts";

/** From a moment on it is so, or not. */
export interface Moment {
  readonly atS: number;
  readonly holds: boolean;
  /** What was seen. */
  readonly text: string;
}

/** `state`: what is so stays so until the next moment. `samples`: it is known of each moment only. In order. */
export interface Timeline {
  readonly kind: "state" | "samples";
  readonly moments: readonly Moment[];
  /** Seconds before a change in which a sample may have met the change already. */
  readonly guardS?: number;
}

/** Timeline of what facts say together, each time that one of them changes; from `fromS` on it is known that there are no others. */
export function timelineOf(
  { facts, fromS }: { readonly facts: readonly Fact[]; readonly fromS: number },
  look: (present: readonly Fact[]) => { readonly holds: boolean; readonly text: string },
): Timeline {
  const present = new Map<string, Fact>();
  const moments: Moment[] = facts[0]?.atS === fromS ? [] : [{ atS: fromS, ...look([]) }];
  for (const [index, fact] of facts.entries()) {
    // Two providers' routers may have the same link-local address.
    const key = `${fact.member} ${fact.kind} ${fact.subject} ${fact.provider}`;
    if (fact.state === null) present.delete(key);
    else present.set(key, fact);
    if (facts[index + 1]?.atS === fact.atS) continue;
    const seen = look([...present.values()]);
    const last = moments.at(-1);
    if (last === undefined || last.holds !== seen.holds || last.text !== seen.text)
      moments.push({ atS: fact.atS, ...seen });
  }
  return { kind: "state", moments };
}

/** What was last seen at a moment; undefined before the first. */
export function seenAt({ moments }: Timeline, atS: number): Moment | undefined {
  return moments.findLast((moment) => moment.atS <= atS);
}
