import type { BngConfig } from "../../core/render/bng/config.ts";
import { liveNetworks } from "../../core/render/bng/networks.ts";
import { withAddresses } from "../../core/render/bng/neighbours.ts";
import type { Neighbour } from "../../core/model/status/model.ts";
import { stampNeighbours } from "../../core/model/status/neighbours.ts";
import type { Intent } from "../intent/intent.ts";
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
  tell({ neighbours, entries }: Pick<Observations, "neighbours" | "entries">, nowS: number): Neighbour[] {
    const transfers = liveNetworks(this.#intent.config).map(({ transfer }) => transfer);
    const own = this.#own();
    const others = neighbours.filter(({ mac }) => !own.includes(mac));
    this.#known = stampNeighbours(withAddresses(others, entries, transfers), this.#known, nowS);
    return [...this.#known];
  }
}
