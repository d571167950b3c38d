import { reasonOf } from "../../core/errors.ts";
import { rmSync } from "node:fs";

import type { EnvironmentError, EnvironmentRead } from "../../core/settings/environment-reader.ts";
import { intendedEnvironment, type IntentLayers } from "../../core/intent/environment.ts";
import {
  describeOverlay,
  EMPTY_OVERLAY,
  isEmptyOverlay,
  parseOverlay,
  parseSettings,
  type Overlay,
} from "../../core/intent/overlay.ts";
import { RENUMBERING_VARIABLES } from "../../core/renumbering/environment.ts";
import { OVERLAY_FILE, SETTINGS_FILE } from "../../core/names.ts";
import { RequestError } from "../../core/protocol/failure.ts";
import type { Fault } from "../../core/faults/kinds.ts";
import type { Problem } from "../../core/status/model.ts";
import { readIfThere, replaceFile } from "../files.ts";
import { log } from "../log.ts";

type Environment = IntentLayers["environment"];

/** Reads an environment, and what the overlay has that no variable can say: what it means, or every wrong variable at once. */
export type ReadEnvironment<C> = (env: Environment, overlay: Overlay) => EnvironmentRead<C>;

export interface IntentOptions<C> {
  readonly environment: Environment;
  readonly read: ReadEnvironment<C>;
  /** Variables that may change while the member runs. */
  readonly live: ReadonlySet<string>;
  readonly files?: { readonly settings: string; readonly overlay: string };
}

/** A change that the member cannot do; nothing of it was taken. */
class IntentRefused extends RequestError {
  constructor(message: string) {
    super("bad-request", message);
    this.name = "IntentRefused";
  }
}

/**
 * What the member should be, now. Whoever acts by it asks for `config` each time, and is told of changes. Its layers are on
 * disk before they count, so a restart of anything finds them.
 */
export class Intent<C> {
  readonly #options: IntentOptions<C>;
  readonly #files: { readonly settings: string; readonly overlay: string };
  readonly #listeners: (() => void)[] = [];
  #settings: IntentLayers["settings"];
  #overlay: Overlay = EMPTY_OVERLAY;
  #environment: Environment;
  #config: C;
  /** By the file that could not be used. */
  #problems = new Map<string, Problem>();

  private constructor(options: IntentOptions<C>, config: C) {
    this.#options = options;
    this.#files = options.files ?? { settings: SETTINGS_FILE, overlay: OVERLAY_FILE };
    this.#environment = options.environment;
    this.#config = config;
  }

  /** Reads all layers; the wrong variables of the environment, when it is wrong. What cannot be used of the others is a problem, and left out. */
  static open<C>(options: IntentOptions<C>): Intent<C> | { errors: readonly EnvironmentError[] } {
    const { config, errors } = options.read(options.environment, EMPTY_OVERLAY);
    if (errors !== undefined) return { errors };
    const intent = new Intent(options, config);
    intent.#load();
    return intent;
  }

  get config(): C {
    return this.#config;
  }

  get overlay(): Overlay {
    return this.#overlay;
  }

  /** The live variables as they are in force. */
  get liveSettings(): Record<string, string> {
    const entries = Object.entries(this.#environment).filter(([name]) => this.#options.live.has(name));
    return Object.fromEntries(entries.flatMap(([name, value]) => (value ? [[name, value] as const] : [])));
  }

  /** The environment as it is without the overlay: what the lab file says. */
  get underlying(): Environment {
    return this.#merge({ overlay: EMPTY_OVERLAY });
  }

  /** What on disk could not be used. */
  get problems(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  /** Calls back after each change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Reads the layers again, as after `up` has put other settings there. Throws IntentRefused when they are wrong. */
  reload(): void {
    this.#load();
    const [problem] = this.problems;
    if (problem !== undefined) throw new IntentRefused(problem.message);
  }

  /** Puts values above those of the lab file. Throws IntentRefused when a variable or a value cannot be, or the disk does not take it. */
  set(settings: Readonly<Record<string, string>>): void {
    const { live } = this.#options;
    const renumbering = Object.keys(settings).filter((name) => RENUMBERING_VARIABLES.has(name));
    if (renumbering.length > 0)
      throw new IntentRefused(`${renumbering.join(", ")} cannot change while it runs but by \`renumber\``);
    const fixed = Object.keys(settings).filter((name) => !live.has(name));
    if (fixed.length > 0)
      throw new IntentRefused(
        `${fixed.join(", ")} cannot change while it runs; these can: ${[...live].join(", ")}`,
      );
    this.#take({ ...this.#overlay, settings: { ...this.#overlay.settings, ...settings } });
  }

  /** Puts these faults in the place of those that are kept. Throws IntentRefused when the disk does not take them. */
  keepFaults(faults: readonly Fault[]): void {
    this.#take({ ...this.#overlay, faults });
  }

  /** Puts these prefixes in the place of that of the lab file, or takes them away. Throws IntentRefused like `set`. */
  keepPrefixes(prefixes: Overlay["prefixes"]): void {
    const { prefixes: _, ...rest } = this.#overlay;
    this.#take(prefixes === undefined ? rest : { ...rest, prefixes });
  }

  /** Empties the overlay, also one that cannot be read. */
  clear(): void {
    this.#take(EMPTY_OVERLAY, "whatever is there");
  }

  #take(overlay: Overlay, over?: "whatever is there"): void {
    // What could not be read is not nothing: whoever wrote it meant something, and would lose it.
    const unread = this.#problems.get(this.#files.overlay);
    if (unread !== undefined && over === undefined)
      throw new IntentRefused(`${unread.message}; \`overlay clear\` (mhlab up --reset) empties it`);
    const environment = this.#merge({ overlay });
    const { config, errors } = this.#options.read(environment, overlay);
    if (errors !== undefined) throw new IntentRefused(errors.map(({ message }) => message).join("; "));
    try {
      if (isEmptyOverlay(overlay)) rmSync(this.#files.overlay, { force: true });
      else replaceFile(this.#files.overlay, `${JSON.stringify(overlay)}\n`);
    } catch (error) {
      throw new IntentRefused(`the overlay cannot be kept: ${reasonOf(error)}`);
    }
    // Faults have log lines of their own.
    const [before, after] = [this.#overlay, overlay].map((one) => describeOverlay({ ...one, faults: [] }));
    this.#overlay = overlay;
    this.#problems.delete(this.#files.overlay);
    if (after !== before) log("info", after === "" ? "the overlay is empty" : `overlay: ${after}`);
    this.#become(environment, config);
  }

  #load(): void {
    this.#problems.clear();
    const note = (file: string, reason: string): undefined => {
      const message = `${file} is not used: ${reason}`;
      log("error", message);
      this.#problems.set(file, { code: "intent-broken", message });
    };
    const layer = <T>(file: string, parse: (text: string) => T): T | undefined => {
      try {
        const text = readIfThere(file);
        return text === undefined ? undefined : parse(text);
      } catch (error) {
        return note(file, reasonOf(error));
      }
    };
    const wanted = layer(this.#files.settings, (text) => parseSettings(JSON.parse(text)));
    const settings = this.#usable({ settings: wanted, overlay: EMPTY_OVERLAY }, this.#files.settings, note)
      ? wanted
      : undefined;
    const found = layer(this.#files.overlay, parseOverlay) ?? this.#overlay;
    const overlay = this.#usable({ settings, overlay: found }, this.#files.overlay, note)
      ? found
      : EMPTY_OVERLAY;
    this.#settings = settings;
    this.#overlay = overlay;
    const environment = this.#merge({});
    const { config, errors } = this.#options.read(environment, overlay);
    if (errors === undefined) this.#become(environment, config);
  }

  #usable(
    layers: Omit<IntentLayers, "environment">,
    file: string,
    note: (file: string, reason: string) => void,
  ): boolean {
    const { errors } = this.#options.read(this.#merge(layers), layers.overlay);
    if (errors !== undefined) note(file, errors.map(({ message }) => message).join("; "));
    return errors === undefined;
  }

  #merge(layers: Partial<Omit<IntentLayers, "environment">>): Environment {
    const { environment, live } = this.#options;
    const own = { settings: this.#settings, overlay: this.#overlay };
    return intendedEnvironment({ environment, ...own, ...layers }, live);
  }

  #become(environment: Environment, config: C): void {
    this.#environment = environment;
    this.#config = config;
    for (const listener of this.#listeners) listener();
  }
}
