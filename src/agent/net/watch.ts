import { PROGRAMS } from "../../core/render/confinement/programs.ts";
import { intoLines } from "../lines.ts";
import { inBirth } from "../programs/command.ts";
import { confined } from "../programs/confine.ts";
import type { KeptProgram } from "../programs/kept-program.ts";
import { keep } from "../programs/kept.ts";

/** By then the monitor listens, also on a slow machine; it does not tell since when. */
const LISTENS_MS = 2000;
const AGAIN_MS = 1000;

export type Watched = "link" | "address" | "route";
type Place = "here" | "birth";

/** What is listened to; the host's addresses and routes are no concern of anybody's. */
const OBJECTS: Readonly<Record<Place, readonly Watched[]>> = {
  here: ["link", "address", "route"],
  birth: ["link"],
};
/** What each entry of `ip monitor label` begins with. */
const LABEL = /^\[(LINK|ADDR|ROUTE)\]/;
const LABELS: Readonly<Record<string, Watched>> = { LINK: "link", ADDR: "address", ROUTE: "route" };

interface Watcher {
  readonly objects: readonly Watched[];
  readonly onChange: () => void;
}

/** One monitor of the kernel for all who watch a place; it runs while somebody does. */
class Monitor {
  readonly #place: Place;
  readonly #watchers = new Set<Watcher>();
  #program: KeptProgram | undefined;
  /** Those whose next look is after the monitor began to listen. */
  readonly #heard = new Set<Watcher>();
  #unheard: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
  /** Whether a program is to run, of those that were started. */
  #life = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  add(watcher: Watcher): void {
    this.#watchers.add(watcher);
    if (this.#watchers.size === 1) this.#start();
  }

  remove(watcher: Watcher): void {
    if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
    this.#life += 1;
    clearTimeout(this.#unheard);
    clearTimeout(this.#again);
    this.#program?.signal("SIGKILL");
  }

  #start(): void {
    const life = ++this.#life;
    this.#heard.clear();
    this.#unheard = setTimeout(() => {
      for (const watcher of this.#watchers) if (!this.#heard.has(watcher)) watcher.onChange();
    }, LISTENS_MS);
    const again = (): void => {
      if (life !== this.#life) return;
      clearTimeout(this.#unheard);
      this.#again = setTimeout(() => this.#start(), AGAIN_MS);
    };
    this.#listen(life).then(again, again);
  }

  async #listen(life: number): Promise<void> {
    const argv = confined(["ip", "-6", "monitor", "label", ...OBJECTS[this.#place]], PROGRAMS.monitor);
    const program = await keep(this.#place === "birth" ? inBirth(argv) : argv);
    if (life !== this.#life) return program.signal("SIGKILL");
    this.#program = program;
    let changed: (Watched | undefined)[] = [];
    const take = intoLines((line) => {
      changed.push(LABELS[LABEL.exec(line)?.[1] ?? ""]);
    });
    program.read({
      onOutput: (text) => {
        take(text);
        if (life === this.#life) this.#tell(changed);
        changed = [];
      },
    });
    await program.ended;
  }

  #tell(changed: readonly (Watched | undefined)[]): void {
    for (const watcher of this.#watchers) {
      if (!watcher.objects.some((one) => changed.includes(one))) continue;
      this.#heard.add(watcher);
      watcher.onChange();
    }
  }
}

const monitors = { here: new Monitor("here"), birth: new Monitor("birth") };

/**
 * Calls back whenever the kernel reports a change of the given objects, here or (links only) in the birth namespace, and once
 * for what changed before the kernel was listened to, unless it was called since. The text is only a reason to look (iproute2's monitor prints no JSON).
 * Goes on after the monitor's end. Returns what ends it.
 */
export function watchNetwork(objects: readonly Watched[], where: Place, onChange: () => void): () => void {
  const watcher = { objects, onChange };
  monitors[where].add(watcher);
  return () => monitors[where].remove(watcher);
}
