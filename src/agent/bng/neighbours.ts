import type { BngConfig } from "../../core/bng/config.ts";
import { liveNetworks } from "../../core/bng/networks.ts";
import { withAddresses, type NeighbourEntry } from "../../core/bng/neighbours.ts";
import type { Neighbour } from "../../core/status/model.ts";
import { stampNeighbours } from "../../core/status/neighbours.ts";
import type { Intent } from "../intent/intent.ts";
import { CommandError } from "../programs/command.ts";
import { askIp } from "../programs/ip.ts";
import type { Observations } from "./port-rules.ts";

/** Who was heard on the subscriber link, without the provider's own side of it. */
export class Neighbours {
  readonly #intent: Intent<BngConfig>;
  readonly #own: () => readonly string[];
  #known: readonly Neighbour[] = [];

  /** `own` tells the MAC addresses of the provider's own side. */
  constructor(intent: Intent<BngConfig>, own: () => readonly string[]) {
    this.#intent = intent;
    this.#own = own;
  }

  /** The customers among those that were heard by now, in seconds since 1970. */
  async tell(heard: Observations["neighbours"], nowS: number): Promise<Neighbour[]> {
    const { config } = this.#intent;
    const transfers = liveNetworks(config).map(({ transfer }) => transfer);
    const own = this.#own();
    const others = heard.filter(({ mac }) => !own.includes(mac));
    const entries = others.length === 0 ? [] : await readEntries(config.subscriber.interface);
    this.#known = stampNeighbours(withAddresses(others, entries, transfers), this.#known, nowS);
    return [...this.#known];
  }
}

/** The kernel's neighbours on a link; none while it is not there. */
async function readEntries(name: string): Promise<NeighbourEntry[]> {
  try {
    const [entries = []] = await askIp([["neigh", "show", "dev", name]]);
    return entries as NeighbourEntry[];
  } catch (error) {
    if (error instanceof CommandError) return [];
    throw error;
  }
}
