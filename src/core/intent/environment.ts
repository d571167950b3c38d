/** What a member should be: its environment, what `up` changed of that in place, and the overlay above both. */
import { assignedPrefix, RENUMBERING_VARIABLES, renumberedEnvironment } from "../renumbering/environment.ts";
import type { Environment } from "../settings/environment-reader.ts";
import type { Overlay } from "./overlay.ts";

/** The layers of an intent, lowest first. */
export interface IntentLayers {
  /** What the container was created with. */
  readonly environment: Environment;
  /** The live variables as the lab file wants them by now; undefined when nothing was changed in place. */
  readonly settings: Readonly<Record<string, string>> | undefined;
  readonly overlay: Overlay;
}

/**
 * The environment that a member acts by. A live variable that the settings leave out is unset, whatever the container was
 * created with; of the settings and the overlay nothing but live variables counts.
 */
export function intendedEnvironment(
  { environment, settings, overlay }: IntentLayers,
  live: ReadonlySet<string>,
): Environment {
  const base = settings === undefined ? environment : changedInPlace(environment, settings, live);
  const above = { ...base, ...pick(overlay.settings, (variable) => live.has(variable)) };
  return renumberedEnvironment(above, overlay.prefixes);
}

/**
 * An environment after its live variables were changed in place to these. The prefix of a provider and its pool go together,
 * and stay as they are when no prefix is among them: nobody is without.
 */
export function changedInPlace<T extends string | undefined>(
  environment: Readonly<Record<string, T>>,
  settings: Readonly<Record<string, string>>,
  live: ReadonlySet<string>,
): Readonly<Record<string, T | string>> {
  const renumbers = assignedPrefix(settings) !== undefined;
  const stays = (variable: string): boolean =>
    !live.has(variable) || (RENUMBERING_VARIABLES.has(variable) && !renumbers);
  return { ...pick(environment, stays), ...pick(settings, (variable) => live.has(variable)) };
}

function pick<T>(
  values: Readonly<Record<string, T>>,
  isIn: (variable: string) => boolean,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values).filter(([variable]) => isIn(variable)));
}
