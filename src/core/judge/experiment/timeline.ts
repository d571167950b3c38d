/** What is true of a lab over time, as a record tells it. */
import { dueIn, gapsOf } from "./coverage.ts";
import { inNumber, inSeconds } from "./figures.ts";
import type { Fact } from "./record.ts";
import { union, type Span } from "./spans.ts";

/** From a moment on it is so, or not. */
export interface Moment {
  readonly atS: number;
  /** Null: not known from here on. */
  readonly holds: boolean | null;
  /** What was seen. */
  readonly text: string;
}

/** `state`: what is so stays so until the next moment. `samples`: it is known of each moment only. In order. */
export interface Timeline {
  readonly kind: "state" | "samples";
  /** Host, CPE or provider that it is about. */
  readonly node: string;
  readonly moments: readonly Moment[];
  /** Of samples: seconds from one that is due to the next. */
  readonly everyS?: number;
  /** Of samples: whether anything that was sent there from the same node was ever answered. */
  readonly answered?: boolean;
  /** Seconds before a change in which a sample may have met the change already. */
  readonly guardS?: number;
}

interface Known {
  readonly node: string;
  readonly facts: readonly Fact[];
  /** From here on it is known that there are no others. */
  readonly fromS: number;
  /** When the node's agent was not heard. */
  readonly unheard: readonly Span[];
}

/** Timeline of what facts say together, each time that one of them changes. */
export function timelineOf(
  { node, facts, fromS, unheard }: Known,
  look: (present: readonly Fact[]) => { readonly holds: boolean; readonly text: string },
): Timeline {
  const present = new Map<string, Fact>();
  const moments: Moment[] = facts[0]?.atS === fromS ? [] : [{ atS: fromS, ...look([]) }];
  for (const [index, fact] of facts.entries()) {
    // Two providers' routers may have the same link-local address.
    const key = `${fact.node} ${fact.kind} ${fact.subject} ${fact.provider}`;
    if (fact.state === null) present.delete(key);
    else present.set(key, fact);
    if (facts[index + 1]?.atS === fact.atS) continue;
    const seen = look([...present.values()]);
    const last = moments.at(-1);
    if (last === undefined || last.holds !== seen.holds || last.text !== seen.text)
      moments.push({ atS: fact.atS, ...seen });
  }
  return { kind: "state", node, moments: without(moments, unheard, node) };
}

/** What was recorded while the agent was not heard says nothing; afterwards its state is known again. */
function without(moments: readonly Moment[], unheard: readonly Span[], node: string): Moment[] {
  return union(unheard).reduce<Moment[]>(
    (known, [fromS, toS]) => {
      const after = seenAt({ moments: known }, toS);
      return [
        ...known.filter(({ atS }) => atS < fromS),
        {
          atS: fromS,
          holds: null,
          text: `${node} was not heard from ${inSeconds(fromS)} to ${inSeconds(toS)}`,
        },
        ...(after === undefined ? [] : [{ ...after, atS: toS }]),
        ...known.filter(({ atS }) => atS > toS),
      ];
    },
    [...moments],
  );
}

/** The timeline with a moment that is not known at the beginning of each gap between samples of a window, in seconds. */
export function withGaps(timeline: Timeline, window: Span): Timeline {
  const { kind, node, moments, everyS } = timeline;
  if (kind === "state" || everyS === undefined) return timeline;
  const gaps = gapsOf(
    moments.map(({ atS }) => atS),
    window,
    everyS,
  ).map((gap): Moment => ({ atS: gap[0], holds: null, text: gapText(node, gap, everyS) }));
  return { ...timeline, moments: [...moments, ...gaps].toSorted((one, other) => one.atS - other.atS) };
}

/** A gap in words. */
export function gapText(node: string, gap: Span, everyS: number): string {
  return `nothing was sent by ${node} from ${inSeconds(gap[0])} to ${inSeconds(gap[1])}, where ${inNumber(dueIn(gap, everyS), "probe")} ${dueIn(gap, everyS) === 1 ? "was" : "were"} due`;
}

/** What was last seen at a moment; undefined before the first. */
export function seenAt({ moments }: Pick<Timeline, "moments">, atS: number): Moment | undefined {
  return moments.findLast((moment) => moment.atS <= atS);
}
