import type { Delegation } from "../../core/render/cpe/delegations.ts";
import { renderFilter } from "../../core/render/cpe/filter.ts";
import { desiredRoutes, desiredRules, type WanRouting } from "../../core/render/cpe/routing.ts";
import { loadRules } from "../net/nft.ts";
import { LAN } from "./lan.ts";
import { addRouting, syncRouting } from "../net/routing.ts";

/** Rules, routes and filter of the CPE, made equal to what its WANs and delegations ask for. */
export class Router {
  #filter = "";
  #begun = false;

  /** The ends of all ways, which have to be there before the first address; what is there of an earlier life stays. */
  async begin(): Promise<void> {
    if (this.#begun) return;
    await addRouting(desiredRoutes([], []), desiredRules([], []));
    this.#begun = true;
  }

  async update(wans: readonly WanRouting[], delegations: readonly Delegation[]): Promise<void> {
    await syncRouting(desiredRoutes(wans, delegations), desiredRules(wans, delegations));
    const filter = renderFilter(LAN, delegations);
    if (filter === this.#filter) return;
    await loadRules(filter);
    this.#filter = filter;
  }
}
