import { bngSubscriber, takenInterface } from "../../links/bng.ts";
import { formatHostLink } from "../../links/host-link.ts";
import { KEEPER_NAME, LENT_INTERFACES } from "../../names.ts";
import { PlanLabel } from "../../plan/spec.ts";
import { NOTHING_LIVE, type RoleContainers } from "./container.ts";

/** One keeper, where a provider takes an interface from the host. */
export const keeperContainers: RoleContainers = {
  live: NOTHING_LIVE,
  wanted(lab) {
    const lent = lab.providers.flatMap(({ name, subscriber }) =>
      takenInterface(subscriber) === undefined
        ? []
        : (formatHostLink(name, bngSubscriber(subscriber, { lab: lab.name, provider: name })) ?? []),
    );
    if (lent.length === 0) return [];
    const words = lent.join(" ");
    // By the label, `down` knows of them even when their BNGs were removed by hand.
    const labels = { [PlanLabel.hostLink]: words };
    return [{ name: KEEPER_NAME, env: { [LENT_INTERFACES]: words }, labels }];
  },
};
