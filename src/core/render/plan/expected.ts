import { enginesOfNodes, keeperName } from "../../model/lab/engines.ts";
import type { Lab } from "../../model/lab/model.ts";
import { placeOfHost } from "../../model/links/bng.ts";
import { INTERNET_NAME } from "../../model/names.ts";
import type { ExpectedNodes } from "../nodes/node.ts";

/** The nodes that a lab's status has to show, there or not. */
export function expectedOf(lab: Lab): ExpectedNodes {
  // A status shows no keepers, and no internet where the peers are real.
  const places = [...enginesOfNodes(lab)].filter(
    ([name, engine]) => name !== keeperName(engine) && (name !== INTERNET_NAME || lab.internet === "bundled"),
  );
  return {
    ...(places.length === 0 ? {} : { engineOf: Object.fromEntries(places) }),
    providers: lab.providers.map(({ name }) => name),
    cpes: lab.cpes.map(({ name, hosts }) => ({ name, hosts })),
    hosts: lab.hosts.map(({ name, link }) => ({ name, lan: placeOfHost(link) })),
    ...(lab.devices.length === 0
      ? {}
      : {
          devices: lab.devices.map(({ name, providers }) => ({
            name,
            providers,
            hosts: lab.hosts.filter(({ device }) => device === name).map((host) => host.name),
          })),
        }),
  };
}
