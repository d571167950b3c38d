import type { Lab, Provider } from "../../core/model/lab/model.ts";
import { formatPrefix6 } from "../../core/model/ip6.ts";
import { formatWord } from "../../core/model/links/word.ts";
import { INTERNET_NAME, lanBridge } from "../../core/model/names.ts";
import { formatEndpoint } from "../../core/model/values/parse.ts";
import { link, nodeId, type GraphLink, type GraphNode, type LabGraph, type NodeKind } from "./model.ts";

const state = "planned";

/** The picture of what a lab file wants. */
export function graphOfLab(lab: Lab): LabGraph {
  const nodes = new Map<string, GraphNode>();
  const links: GraphLink[] = [];
  const add = (kind: NodeKind, name: string, detail: string): string => {
    const id = nodeId(kind, name);
    if (!nodes.has(id)) nodes.set(id, { id, kind, name, detail, state });
    return id;
  };
  if (lab.internet === "bundled") add("internet", INTERNET_NAME, "");
  for (const provider of lab.providers) {
    const { name, subscriber, wireguard } = provider;
    const far =
      wireguard.kind === "bundled"
        ? add("internet", INTERNET_NAME, "")
        : add("far-side", formatEndpoint(wireguard.endpoint), "");
    const bng = add("bng", name, formatPrefix6(provider.prefix));
    links.push(link([far, bng], { kind: "tunnel", label: "WireGuard", state, provider: name }));
    const device = lab.devices.find(({ providers }) => providers.includes(name));
    const [kind, place]: [NodeKind, string] =
      device === undefined ? customersOf(subscriber) : ["cpe", device.name];
    const customers = add(kind, place, "");
    links.push(link([bng, customers], { kind: "subscriber", label: subscriber.kind, state, provider: name }));
  }
  for (const { name, hosts } of lab.cpes) {
    const cpe = add("cpe", name, "");
    for (const host of hosts)
      links.push(link([cpe, add("host", host, "")], { kind: "lan", label: "", state }));
  }
  for (const { name, link: own, device } of lab.hosts) {
    const router: [NodeKind, string] = device === undefined ? customersOf(own) : ["cpe", device];
    links.push(link([add(...router, ""), add("host", name, "")], { kind: "lan", label: "", state }));
  }
  return { lab: lab.name, nodes: [...nodes.values()], links };
}

/** Where a provider's customers are: a CPE of the lab, a segment of its own, or what the user brings. */
function customersOf(subscriber: Provider["subscriber"]): [NodeKind, string] {
  if (subscriber.kind === "cpe") return ["cpe", subscriber.cpe];
  if (subscriber.kind === "lan") return ["segment", lanBridge(subscriber.lan)];
  return ["segment", formatWord(subscriber)];
}
