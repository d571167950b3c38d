import type { Lab } from "../../lab/model.ts";
import { bngSubscriber, SUBSCRIBER_INTERFACE, takenInterface } from "../../links/bng.ts";
import { formatLink } from "../../links/environment.ts";
import { formatHostLink } from "../../links/host-link.ts";
import { containerTarget } from "../../links/veth.ts";
import {
  CARRIED_LINKS,
  CONTAINER_NAMESPACES,
  CONTAINER_RECORDS,
  ENGINE_NAMESPACES,
  ENGINE_RECORDS,
  KEEPER_NAME,
  LENT_INTERFACES,
} from "../../names.ts";
import { PlanLabel } from "../../plan/spec.ts";
import { NOTHING_LIVE, type RoleContainers, type WantedMember } from "./container.ts";

/** One keeper, where a provider takes an interface from the host or its link goes into a container. */
export const keeperContainers: RoleContainers = {
  live: NOTHING_LIVE,
  wanted(lab, { engineFolder }) {
    const duties = [lentInterfaces(lab), engineFolder === undefined ? {} : carriedLinks(lab, engineFolder)];
    const env = Object.assign({}, ...duties.map((duty) => duty.env)) as Record<string, string>;
    if (Object.keys(env).length === 0) return [];
    const labels = duties.find((duty) => duty.labels !== undefined)?.labels ?? {};
    const binds = duties.flatMap((duty) => duty.binds ?? []);
    return [{ name: KEEPER_NAME, env, labels, binds }];
  },
};

type Duty = Partial<Pick<WantedMember, "env" | "labels" | "binds">>;

function lentInterfaces(lab: Lab): Duty {
  const words = lab.providers.flatMap(({ name, subscriber }) =>
    takenInterface(subscriber) === undefined
      ? []
      : (formatHostLink(name, bngSubscriber(subscriber, { lab: lab.name, provider: name })) ?? []),
  );
  if (words.length === 0) return {};
  const text = words.join(" ");
  // By the label, `down` knows of them even when their BNGs were removed by hand.
  return { env: { [LENT_INTERFACES]: text }, labels: { [PlanLabel.hostLink]: text } };
}

/** Only what the engine writes down says which network a container's name means now, so only a lab that needs it sees that. */
function carriedLinks(lab: Lab, engineFolder: string): Duty {
  const words = lab.providers.flatMap(({ name, subscriber }) =>
    containerTarget(subscriber) === undefined
      ? []
      : `${name}/${SUBSCRIBER_INTERFACE}/${formatLink(bngSubscriber(subscriber, { lab: lab.name, provider: name }).link)}`,
  );
  if (words.length === 0) return {};
  return {
    env: { [CARRIED_LINKS]: words.join(" ") },
    binds: [
      `${ENGINE_NAMESPACES}:${CONTAINER_NAMESPACES}:ro,rslave`,
      `${engineFolder}/${ENGINE_RECORDS}:${CONTAINER_RECORDS}:ro`,
    ],
  };
}
