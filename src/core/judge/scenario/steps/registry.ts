/** All kinds of steps; what depends on the kind of a step is looked up here. */
import type { z } from "zod";
import { oneOfKinds } from "../../experiment/record.ts";
import type { EntryKind, EntryList } from "../entries/entry.ts";
import { FAULT_STEPS } from "./faults.ts";
import type { Written } from "./kind.ts";
import { load } from "./load.ts";
import { NODE_STEPS } from "./nodes.ts";
import { PAUSES } from "./pauses.ts";
import { renumber } from "./renumber.ts";

/** In the order of the docs. */
const STEPS = { ...FAULT_STEPS, renumber, load, ...NODE_STEPS, ...PAUSES };

type Kinds = typeof STEPS;
/** One thing that is done. */
export type Step = { [K in keyof Kinds]: z.output<Kinds[K]["record"]> }[keyof Kinds];
export type StepOf<K extends Step["do"]> = Extract<Step, { do: K }>;
type ActionOf<S> = S extends Step ? Omit<S, "id" | "atS"> : never;
/** Without an id where the scenario gives none; `at` as it is written. */
export type WrittenStep = Written<ActionOf<Step>>;

/** A step as the record has it. */
export const stepRecord = oneOfKinds<Step>(
  "do",
  Object.values(STEPS).map(({ record }) => record),
);

/** The kinds by the key that a step of them has, with the keys that each may have. */
export const STEP_LIST: EntryList<WrittenStep> = {
  noun: "step",
  code: "MHLAB_SCENARIO_STEP",
  kinds: Object.fromEntries(
    Object.entries(STEPS).map(([key, { entry }]) => [key, entry as EntryKind<WrittenStep>]),
  ),
};

/** A step as the user could type it; what no command does, in words. */
export function stepText(step: Step): string {
  return STEPS[step.do].command(step as never);
}

/** Seconds after which a step is given up. */
export function limitOf(step: Step): number {
  return STEPS[step.do].limitS(step as never);
}

/** The node that a step is about; null for a wait, a mark and what is about several. */
export function nodeOf(step: Step): string | null {
  return STEPS[step.do].node(step as never);
}

/** The file of the run's folder that a step writes, and the key that says so; undefined when it writes none. */
export function savedBy(step: Step): { readonly key: string; readonly file: string } | undefined {
  return STEPS[step.do].saves?.(step as never);
}

/** How long what a step does is asked to last, in seconds; undefined: until something ends it. */
export function lastsS(step: Step): number | undefined {
  return STEPS[step.do].lastsS?.(step as never);
}
