import type { OverlayAnswer, OverlayOptions } from "../../core/model/protocol/verbs.ts";
import type { Intent } from "./intent.ts";

/** Answers `overlay` and its kinds, with the overlay as it is then. Throws IntentRefused. */
export function answerOverlay(intent: Intent<unknown>, { set, clear }: OverlayOptions): OverlayAnswer {
  if (clear === true) intent.clear();
  else if (set !== undefined) intent.set(set);
  return { overlay: intent.overlay };
}
