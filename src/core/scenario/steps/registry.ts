/** All kinds of steps; what depends on the kind of a step is looked up here. */
import type { Deed, Step } from "../../experiment/model.ts";
import type { EntryKind, EntryList } from "../entry.ts";
import { when, type When } from "../schedule.ts";
import { named } from "../values.ts";
import { copy } from "./copy.ts";
import { fault } from "./fault.ts";
import { heal } from "./heal.ts";
import { mark } from "./mark.ts";
import { renumber } from "./renumber.ts";
import { restart } from "./restart.ts";
import { run } from "./run.ts";
import type { StepKind } from "./step-kind.ts";
import { wait } from "./wait.ts";

const STEPS = { fault, heal, renumber, restart, run, copy, wait, mark } as const satisfies {
  readonly [K in Deed["do"]]: StepKind<Extract<Deed, { do: K }>>;
};

/** Without an id where the scenario gives none; `at` as it is written. */
export interface WrittenStep {
  readonly id: string | undefined;
  readonly at: When | undefined;
  readonly deed: Deed;
}

const every = {
  id: named("Its name in results; left out: by its place.", "alpha-dies").optional(),
  at: when(
    "When it starts; left out: once the step before it is done. `{between: [5s, 9s]}`: by the seed.",
  ).optional(),
};

/** The kinds by the key that a step of them has, with the keys that each may have. */
export const STEP_LIST: EntryList<WrittenStep> = {
  noun: "step",
  code: "MHLAB_SCENARIO_STEP",
  kinds: Object.fromEntries(
    Object.entries(STEPS).map(([key, { entry }]) => [
      key,
      (entry as EntryKind<Deed>).extended({
        shape: every,
        join: (deed, { id, at }): WrittenStep => ({ id, at, deed }),
      }),
    ]),
  ),
};

/** A step as the user could type it; what no command does, in words. */
export function stepText(step: Step): string {
  const kind: { command(deed: never): string } = STEPS[step.do];
  return kind.command(step as never);
}
