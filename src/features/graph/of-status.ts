import { preferredOf } from "../../core/render/cpe/host-addresses.ts";
import { INTERNET_NAME, lanBridge } from "../../core/model/names.ts";
import type {
  ContainerState,
  CpeStatus,
  HostStatus,
  LabStatus,
  ProviderStatus,
} from "../../core/model/status/model.ts";
import {
  link,
  nodeId,
  type GraphLink,
  type GraphNode,
  type GraphState,
  type LabGraph,
  type NodeKind,
} from "./model.ts";

/** The picture of what runs, with the state of each part. */
export function graphOfStatus(status: LabStatus): LabGraph {
  const picture = new Picture();
  const { internet } = status;
  if (internet !== undefined) picture.node("internet", INTERNET_NAME, internet.address, nodeState(internet));
  for (const provider of status.providers) addProvider(picture, provider, internet !== undefined);
  for (const cpe of status.cpes) {
    const wans = cpe.wans.filter(({ delegatedPrefix }) => delegatedPrefix !== null).length;
    picture.node("cpe", cpe.name, plural(wans, "prefix", "prefixes"), nodeState(cpe));
  }
  const devices = status.devices ?? [];
  for (const device of devices) {
    const prefixes = device.wans.reduce((sum, { delegatedPrefixes }) => sum + delegatedPrefixes.length, 0);
    const state = device.ready ? "up" : "waiting";
    picture.node("cpe", device.name, plural(prefixes, "prefix", "prefixes"), state);
  }
  for (const provider of status.providers)
    addCustomers(
      picture,
      provider,
      devices.find(({ wans }) => wans.some((wan) => wan.provider === provider.name))?.name,
    );
  for (const cpe of status.cpes) {
    addWans(picture, cpe);
    for (const host of cpe.hosts)
      addHost(picture, nodeId("cpe", cpe.name), host, preferredOf(host.addresses).length);
  }
  for (const host of status.hosts) {
    const device = devices.find(({ lan }) => lan?.hosts.includes(host.name) === true);
    const router =
      device === undefined
        ? picture.node("segment", segmentOf(host.lan, status), "", "waiting")
        : nodeId("cpe", device.name);
    addHost(picture, router, host, preferredOf(host.addresses).length);
  }
  return { lab: status.lab, nodes: [...picture.nodes.values()], links: [...picture.links.values()] };
}

/** As the provider's side calls it: a segment of the lab by its bridge, a link of the machine by its place. */
function segmentOf(lan: string, { providers }: LabStatus): string {
  const bridge = lanBridge(lan);
  return providers.some(({ subscriber }) => subscriber.place === bridge) ? bridge : lan;
}

class Picture {
  readonly nodes = new Map<string, GraphNode>();
  readonly links = new Map<string, GraphLink>();

  /** Adds a node, or leaves the one that is there; its id. */
  node(kind: NodeKind, name: string, detail: string, state: GraphState): string {
    const id = nodeId(kind, name);
    if (!this.nodes.has(id)) this.nodes.set(id, { id, kind, name, detail, state });
    return id;
  }

  /** Adds a link, in the place of an earlier one between the same. */
  link(ends: readonly [string, string], rest: Omit<GraphLink, "id" | "from" | "to">): void {
    const made = link(ends, rest);
    this.links.set(made.id, made);
  }
}

function addProvider(picture: Picture, provider: ProviderStatus, bundled: boolean): void {
  const { name, prefix, uplink } = provider;
  const far = bundled
    ? nodeId("internet", INTERNET_NAME)
    : picture.node("far-side", uplink.endpoint || `far side of ${name}`, "", uplinkState(provider));
  const bng = picture.node("bng", name, prefix, nodeState(provider));
  const rtt = uplink.rttMs === null ? "WireGuard" : `${uplink.rttMs.toFixed(uplink.rttMs < 10 ? 2 : 0)} ms`;
  picture.link([far, bng], { kind: "tunnel", label: rtt, state: uplinkState(provider), provider: name });
}

/** A bundled CPE tells of its WANs itself; a device is known by name; what else is on the link is known by place only. */
function addCustomers(picture: Picture, provider: ProviderStatus, device: string | undefined): void {
  const bng = nodeId("bng", provider.name);
  const { name, subscriber, delegations } = provider;
  const place = subscriber.place || subscriber.interface;
  const router = device ?? (subscriber.kind === "cpe" ? place : undefined);
  if (place === "") return;
  const state = subscriberState(provider);
  const label = plural(delegations.length, "lease", "leases");
  if (router !== undefined) {
    const cpe = picture.node("cpe", router, "", "waiting");
    picture.link([bng, cpe], { kind: "subscriber", label, state, provider: name });
    return;
  }
  const segment = picture.node("segment", place, "", state);
  picture.link([bng, segment], { kind: "subscriber", label, state, provider: name });
}

function addWans(picture: Picture, cpe: CpeStatus): void {
  const router = nodeId("cpe", cpe.name);
  for (const wan of cpe.wans) {
    const bng = nodeId("bng", wan.provider);
    if (!picture.nodes.has(bng)) continue;
    const state = wanState(wan);
    const label = wan.delegatedPrefix ?? "no prefix";
    picture.link([bng, router], { kind: "subscriber", label, state, provider: wan.provider });
  }
}

function addHost(
  picture: Picture,
  router: string,
  host: Pick<HostStatus, "name" | "state" | "ready">,
  addresses: number,
): void {
  const node = picture.node("host", host.name, plural(addresses, "address", "addresses"), nodeState(host));
  picture.link([router, node], { kind: "lan", label: "", state: nodeState(host) });
}

function nodeState({ state, ready }: { state: ContainerState; ready: boolean }): GraphState {
  return STATES[state] === "up" && !ready ? "waiting" : STATES[state];
}

const STATES: Readonly<Record<ContainerState, GraphState>> = {
  running: "up",
  starting: "waiting",
  degraded: "waiting",
  restarting: "waiting",
  stopped: "down",
  missing: "down",
  unknown: "waiting",
};

const UPLINK_STATES: Readonly<Record<ProviderStatus["uplink"]["state"], GraphState>> = {
  up: "up",
  waiting: "waiting",
  stale: "down",
  down: "down",
};

function uplinkState({ uplink }: ProviderStatus): GraphState {
  return UPLINK_STATES[uplink.state];
}

function subscriberState({ subscriber, delegations }: ProviderStatus): GraphState {
  if (!subscriber.present || !subscriber.carrier) return "down";
  return delegations.length > 0 ? "up" : "waiting";
}

function wanState({ present, carrier, delegatedPrefix, reach }: CpeStatus["wans"][number]): GraphState {
  if (!present || !carrier) return "down";
  return delegatedPrefix === null || reach === "no-answer" ? "waiting" : "up";
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
