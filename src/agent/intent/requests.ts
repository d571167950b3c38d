import type { Overlay } from "../../core/intent/overlay.ts";
import { IntentRefused, type Intent } from "./intent.ts";

/** Answers `overlay`, `overlay set NAME=VALUE …` and `overlay clear`, with the overlay as it is then. Throws IntentRefused. */
export function answerOverlay(intent: Intent<unknown>, words: readonly string[]): { overlay: Overlay } {
  const [verb, ...more] = words;
  if (verb === "set" && more.length > 0) intent.set(Object.fromEntries(more.map(readAssignment)));
  else if (verb === "clear" && more.length === 0) intent.clear();
  else if (verb !== undefined)
    throw new IntentRefused("right would be: overlay, overlay set NAME=VALUE …, overlay clear");
  return { overlay: intent.overlay };
}

function readAssignment(word: string): [string, string] {
  const at = word.indexOf("=");
  if (at < 1) throw new IntentRefused(`'${word}' is not NAME=VALUE`);
  return [word.slice(0, at), word.slice(at + 1)];
}
