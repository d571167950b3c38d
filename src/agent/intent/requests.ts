import type { OverrideAnswer, OverrideOptions } from "../../core/model/protocol/verbs.ts";
import type { Intent } from "./intent.ts";

/** Answers `override` and its kinds, with the override as it is then. Throws IntentRefused. */
export function answerOverride(intent: Intent<unknown>, { set, clear }: OverrideOptions): OverrideAnswer {
  if (clear === true) intent.clear();
  else if (set !== undefined) intent.set(set);
  return { override: intent.override };
}
