import { UsageError } from "../core/model/errors.ts";
import { suggest } from "../core/model/values/suggest.ts";
import { labNames } from "../core/render/plan/labels.ts";
import type { Engines } from "./agents/engines.ts";
import { chooseLab } from "./choose-lab.ts";
import type { KeyStore } from "./ports/key-store.ts";

export interface RemovalPorts {
  readonly engines: Engines;
  readonly keys: KeyStore;
}

/** Labs that `down` is about. */
export interface Removal {
  readonly running: readonly string[];
  /** Labs that have nothing but keys. */
  readonly keysOnly: readonly string[];
}

export interface RemovalOptions {
  /** Which of several running labs this folder's lab file is of, if it is of one. */
  readonly here: (running: readonly string[]) => Promise<string | undefined>;
  readonly signal: AbortSignal;
}

/** The lab of a name, or without one the only one that runs, of several that of this folder. Throws UsageError when there is no such lab, running or with keys. */
export async function oneToRemove(
  name: string | undefined,
  { engines, keys }: RemovalPorts,
  { here, signal }: RemovalOptions,
): Promise<Removal> {
  const [{ containers }, withKeys] = await Promise.all([engines.look(signal), keys.labs()]);
  const running = labNames(containers);
  if (name === undefined) {
    if (running.length === 0) return { running, keysOnly: [] };
    const chosen = running.length > 1 ? await here(running) : undefined;
    return { running: [chooseLab(chosen, containers)], keysOnly: [] };
  }
  if (running.includes(name)) return { running: [name], keysOnly: [] };
  if (withKeys.includes(name)) return { running: [], keysOnly: [name] };
  const known = [...new Set([...running, ...withKeys])].sort();
  const near = suggest(name, known);
  throw new UsageError(`there is no lab '${name}': none runs on this engine, and none has keys here`, {
    hint:
      near !== undefined
        ? `did you mean ${near}?`
        : known.length === 0
          ? "there is no lab at all"
          : `there ${known.length === 1 ? "is" : "are"}: ${known.join(", ")}`,
    state: "Nothing was changed.",
  });
}

/** Every lab of the engine, and those of which this machine has keys. */
export async function allToRemove({ engines, keys }: RemovalPorts, signal: AbortSignal): Promise<Removal> {
  const [{ containers }, withKeys] = await Promise.all([engines.look(signal), keys.labs()]);
  const running = labNames(containers);
  return { running, keysOnly: withKeys.filter((lab) => !running.includes(lab)) };
}
