import { unheardSpans } from "../coverage.ts";
import type { Span } from "../spans.ts";
import type { Recorded } from "./condition-kind.ts";

/** From when on a member's state is known, and when it was not, in seconds. */
interface Known {
  readonly member: string;
  readonly fromS: number;
  readonly unheard: readonly Span[];
}

/** What a record knows of a member's state: what it does not say from `fromS` on is not there. Undefined: it was never heard. */
export function knownOf(
  record: Pick<Recorded, "facts" | "unheard" | "durationS">,
  member: string,
): Known | undefined {
  const own = record.facts.filter((fact) => fact.member === member);
  if (own.length === 0) return undefined;
  return { member, fromS: Math.min(...own.map(({ atS }) => atS)), unheard: unheardSpans(record, member) };
}
