import { readFileSync } from "node:fs";

import { parseCounted, type Counted } from "../../core/render/bng/source-sets.ts";
import type { LeakStatus, Neighbour } from "../../core/model/status/model.ts";
import { formatUtc } from "../../core/model/utc.ts";
import type { Clock } from "../clock.ts";
import type { Neighbours } from "./neighbours.ts";
import type { PortRules } from "./port-rules.ts";

/** What is known of who is at the subscriber port. */
export interface PortObservation extends Pick<Counted, "flooded" | "dropped"> {
  readonly leaks: LeakStatus;
  readonly neighbours: Neighbour[];
}

export interface PortObserverOptions {
  /** Name of the port. */
  readonly port: () => string;
  readonly rules: Pick<PortRules, "observe" | "loads" | "sinceS">;
  readonly neighbours: Pick<Neighbours, "tell">;
  readonly clock: Clock;
  /** Packets that came by the port; undefined while it is not there. */
  readonly received?: (port: string) => string | undefined;
}

interface Look {
  readonly atMs: number;
  /** How often the rules had been loaded. */
  readonly loads: number;
  /** What had come by the port when it began. */
  readonly received: string | undefined;
  readonly found: PortObservation;
}

/** What is remembered ends by itself, too: without a packet it is looked at again after so long. */
const LONGEST_MS = 60_000;

/** Looks at what the port's rules counted and heard. Each look starts a program, so there is none where it would show the same. */
export class PortObserver {
  readonly #options: PortObserverOptions;
  #last: Look | undefined;
  #forgotten = 0;
  #looked = false;
  #loadedAt: number | undefined;

  constructor(options: PortObserverOptions) {
    this.#options = options;
  }

  /** What is so now, or was so less than that many milliseconds ago. */
  async observe(maxAgeMs: number): Promise<PortObservation> {
    if (this.#areNew(maxAgeMs))
      return { ...counted(parseCounted(""), this.#options.rules.sinceS), neighbours: [] };
    const last = this.#last;
    if (last === undefined || !this.#holds(last, maxAgeMs)) return await this.#look();
    return last.found;
  }

  /** The first rules of all have counted nothing when they are loaded; twenty BNGs that start at once need not ask them. */
  #areNew(maxAgeMs: number): boolean {
    const { clock, rules } = this.#options;
    if (this.#looked) return false;
    if (rules.loads === 0) return true;
    this.#loadedAt ??= clock.monotonicMs();
    return clock.monotonicMs() - this.#loadedAt < maxAgeMs;
  }

  /** For what changes without a packet. */
  forget(): void {
    this.#forgotten += 1;
    this.#last = undefined;
  }

  #holds({ atMs, loads, received }: Look, maxAgeMs: number): boolean {
    const { clock, rules } = this.#options;
    if (loads !== rules.loads) return false;
    const ageMs = clock.monotonicMs() - atMs;
    if (ageMs < maxAgeMs) return true;
    return ageMs <= LONGEST_MS && received !== undefined && received === this.#received();
  }

  async #look(): Promise<PortObservation> {
    this.#looked = true;
    const { rules, neighbours, clock } = this.#options;
    const atMs = clock.monotonicMs();
    // Before the look: what comes meanwhile makes the next one.
    const received = this.#received();
    const { loads } = rules;
    const forgotten = this.#forgotten;
    const observed = await rules.observe();
    const found = {
      ...counted(observed, observed.sinceS),
      neighbours: neighbours.tell(observed, clock.nowS()),
    };
    // It may be of before what it was to be forgotten for.
    if (forgotten === this.#forgotten) this.#last = { atMs, loads, received, found };
    return found;
  }

  #received(): string | undefined {
    const { port, received = packetsReceived } = this.#options;
    return received(port());
  }
}

function counted(
  { leaks, flooded, dropped }: Counted,
  sinceS: number | null,
): Omit<PortObservation, "neighbours"> {
  const since = sinceS === null ? null : formatUtc(sinceS, 3);
  // Whose an address is, only who knows all providers can tell.
  const addresses = leaks.addresses.map((one) => ({ ...one, provider: null }));
  return { leaks: { ...leaks, since, addresses }, flooded, dropped };
}

/** Index and counter: a port that was made anew begins to count anew. */
function packetsReceived(port: string): string | undefined {
  const folder = `/sys/class/net/${port}`;
  try {
    return ["ifindex", "statistics/rx_packets"]
      .map((file) => readFileSync(`${folder}/${file}`, "utf8").trim())
      .join(" ");
  } catch {
    return undefined;
  }
}
