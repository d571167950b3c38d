/** What a member should be: its environment, what `up` changed of that in place, and the overlay above both. */
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
  const isLive = ([variable]: [string, unknown]): boolean => live.has(variable);
  const base =
    settings === undefined
      ? environment
      : {
          ...Object.fromEntries(Object.entries(environment).filter((entry) => !isLive(entry))),
          ...Object.fromEntries(Object.entries(settings).filter(isLive)),
        };
  return { ...base, ...Object.fromEntries(Object.entries(overlay.settings).filter(isLive)) };
}
