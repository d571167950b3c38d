import { mergeEffects, NO_EFFECTS, type Effects } from "../faults/effects.ts";
import { waysOf, type Fault } from "../faults/fault.ts";
import type { Ground, Outcome } from "../faults/record.ts";
import { faultRecord, valuesOf } from "../faults/registry.ts";

/** A fault with how long it is in force, in milliseconds. */
export interface ActiveFault extends Fault {
  readonly elapsedMs: number;
}

/** What all faults together do now. */
export interface Composed {
  readonly effects: Effects;
  /** After how many milliseconds they do something else; undefined when they never do by themselves. */
  readonly changesInMs: number | undefined;
}

/**
 * Composes faults in the order in which they were injected: a packet that the first one drops never meets the second, and
 * where two tell another value of the same thing, the later one is believed.
 */
export function composeEffects(faults: readonly ActiveFault[], ground: Ground): Composed {
  let effects = NO_EFFECTS;
  let changesInMs: number | undefined;
  for (const fault of faults) {
    const { changesInMs: next, ...outcome } = outcomeOf(fault, ground);
    effects = mergeEffects(effects, outcome);
    if (next !== undefined) changesInMs = Math.min(next, changesInMs ?? next);
  }
  return { effects, changesInMs };
}

function outcomeOf(fault: ActiveFault, ground: Ground): Outcome {
  const record = faultRecord(fault.kind);
  if (record.nature === "deed") return {};
  const { id, direction, elapsedMs, held = [] } = fault;
  return record.effects(valuesOf(fault), { id, ways: waysOf(direction), ground, elapsedMs, held });
}
