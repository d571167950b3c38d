/** All kinds of expectations; what depends on the kind of one is looked up here. */
import type { z } from "zod";
import { oneOfKinds, type Bounds, type CapturePlan, type StepResult } from "../../experiment/record.ts";
import type { Span } from "../../experiment/spans.ts";
import type { EntryKind, EntryList } from "../entries/entry.ts";
import { COMMAND_EXPECTATIONS } from "./commands.ts";
import { condition, TIMED_CONDITIONS } from "./condition.ts";
import { flow } from "./flows.ts";
import { LOAD_EXPECTATIONS } from "./loads.ts";
import type { Finding, Judged, WrittenOf } from "./kind.ts";
import { PACKET_EXPECTATIONS } from "./packets.ts";
import { PROBE_EXPECTATIONS } from "./probes.ts";

const { leaks, wire } = PACKET_EXPECTATIONS;

/** Those with a key of their own, in the order of the docs. */
const FIGURES = { leaks, ...PROBE_EXPECTATIONS, wire, flow, ...LOAD_EXPECTATIONS, ...COMMAND_EXPECTATIONS };
const KINDS = { condition, ...FIGURES };

type Kinds = typeof KINDS;
/** What has to be so: a condition in a window of time, or a figure of the whole run. */
export type Expectation = { [K in keyof Kinds]: z.output<Kinds[K]["record"]> }[keyof Kinds];
type OwnOf<E> = E extends Expectation ? Omit<E, "id" | "because" | "expectedFailure"> : never;
/** Without an id where the scenario gives none. */
export type WrittenExpectation = WrittenOf<OwnOf<Expectation>>;

/** An expectation as the record has it. */
export const expectationRecord = oneOfKinds<Expectation>(
  "kind",
  Object.values(KINDS).map(({ record }) => record),
);

/** The kinds by the key that an expectation of them has, with the keys that each may have. */
export const EXPECTATION_LIST: EntryList<WrittenExpectation> = {
  noun: "expectation",
  code: "MHLAB_SCENARIO_EXPECTATION",
  kinds: {
    ...TIMED_CONDITIONS,
    ...Object.fromEntries(Object.entries(FIGURES).map(([key, { entry }]) => [key, entry])),
  } as Record<string, EntryKind<WrittenExpectation>>,
};

/** An expectation in words. */
export function expectationText(expectation: Expectation): string {
  return KINDS[expectation.kind].text(expectation as never);
}

/** What a record says of an expectation. */
export function judgeExpectation(expectation: Expectation, record: Judged): Finding {
  return KINDS[expectation.kind].judge(expectation as never, record);
}

/** What the measured value of an expectation may be at least and at most, in its unit. */
export function limitsOf(expectation: Expectation): Bounds {
  return KINDS[expectation.kind].limits(expectation as never);
}

/** When an expectation looks, in seconds; null: over the whole run, or at a step that was not reached. */
export function windowOf(expectation: Expectation, steps: readonly StepResult[]): Span | null {
  return KINDS[expectation.kind].window(expectation as never, steps);
}

/** For how many seconds a run goes on after its last step, so that an expectation can be seen. */
export function settleOf(expectation: Expectation): number {
  return KINDS[expectation.kind].settleS(expectation as never);
}

/** What has to be counted on the wire for an expectation; undefined: nothing. */
export function captureOf(expectation: Expectation): CapturePlan | undefined {
  return KINDS[expectation.kind].capture?.(expectation as never);
}
