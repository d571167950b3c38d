import { toDocument } from "../../../model/document.ts";
import { attachedNodes } from "../../../model/lab/attached.ts";
import { enginesOfNodes, keeperName } from "../../../model/lab/engines.ts";
import type { Lab } from "../../../model/lab/model.ts";
import { bngSubscriber, SUBSCRIBER_INTERFACE, takenInterface } from "../../../model/links/bng.ts";
import { formatLink } from "../../../model/links/environment.ts";
import { formatHostLink } from "../../../model/links/host-link.ts";
import { containerTarget } from "../../../model/links/veth.ts";
import {
  CONTAINER_NAMESPACES,
  CONTAINER_RECORDS,
  ENGINE_NAMESPACES,
  ENGINE_RECORDS,
} from "../../../model/names.ts";
import { PlanLabel } from "../spec.ts";
import { type RoleContainers, type WantedNode } from "./container.ts";

/** One keeper per engine, where a node takes an interface from the machine or its link goes into a container. */
export const keeperContainers: RoleContainers = {
  isLive: () => false,
  wanted(lab, { engineFolders }) {
    const places = enginesOfNodes(lab);
    const names = lab.engines.length === 0 ? [undefined] : lab.engines.map(({ name }) => name);
    return names.flatMap((engine) => {
      const isHere = (node: { readonly name: string }): boolean => places.get(node.name) === engine;
      const here = { ...lab, providers: lab.providers.filter(isHere), hosts: lab.hosts.filter(isHere) };
      const name = keeperName(engine);
      return keeperOf(here, name, engineFolders?.get(name));
    });
  },
};

/** The keeper of one engine, for the nodes there. */
function keeperOf(lab: Lab, name: string, engineFolder: string | undefined): WantedNode[] {
  const duties = [lentInterfaces(lab), engineFolder === undefined ? {} : carriedLinks(lab, engineFolder)];
  const words = Object.assign({}, ...duties.map((duty) => duty.words)) as Record<string, string[]>;
  if (Object.keys(words).length === 0) return [];
  const labels = duties.find((duty) => duty.labels !== undefined)?.labels ?? {};
  const binds = duties.flatMap((duty) => duty.binds ?? []);
  return [{ name, document: toDocument({ name, ...words }), labels, binds }];
}

interface Duty extends Partial<Pick<WantedNode, "labels" | "binds">> {
  /** Words as in core/model/links/host-link.ts, by their key in its document. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
}

function lentInterfaces(lab: Lab): Duty {
  const words = attachedNodes(lab).flatMap(({ name, link }) =>
    takenInterface(link) === undefined
      ? []
      : (formatHostLink(name, bngSubscriber(link, { lab: lab.name, provider: name })) ?? []),
  );
  if (words.length === 0) return {};
  // By the label, `down` knows of them even when their BNGs were removed by hand.
  return { words: { lent: words }, labels: { [PlanLabel.hostLink]: words.join(" ") } };
}

/** Only what the engine writes down says which network a container's name means now, so only a lab that needs it sees that. */
function carriedLinks(lab: Lab, engineFolder: string): Duty {
  const words = attachedNodes(lab).flatMap(({ name, link }) =>
    containerTarget(link) === undefined
      ? []
      : `${name}/${SUBSCRIBER_INTERFACE}/${formatLink(bngSubscriber(link, { lab: lab.name, provider: name }).link)}`,
  );
  if (words.length === 0) return {};
  return {
    words: { carried: words },
    binds: [
      `${ENGINE_NAMESPACES}:${CONTAINER_NAMESPACES}:ro,rslave`,
      `${engineFolder}/${ENGINE_RECORDS}:${CONTAINER_RECORDS}:ro`,
    ],
  };
}
