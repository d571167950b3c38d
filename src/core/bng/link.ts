/** The text form of subscriber links (`SUBSCRIBER_LINK`), and the names of what mhlab makes for them on the host. */
import { MAX_INTERFACE_NAME, stableHash } from "../names.ts";
import { parseInterfaceName, parseVlanId } from "../values/parse.ts";

/** Where the far end of a veth goes: the network of a container, or a named namespace of the engine's host. */
export interface LinkTarget {
  readonly kind: "container" | "netns";
  readonly name: string;
}

/** How the BNG gets its subscriber interface (`SUBSCRIBER_LINK`). */
export type BngLink =
  | { readonly kind: "claim" }
  /** `outer`: the service tag (802.1ad) around the VLAN, for QinQ. */
  | { readonly kind: "vlan"; readonly parent: string; readonly id: number; readonly outer?: number }
  | { readonly kind: "macvlan"; readonly parent: string }
  | { readonly kind: "veth"; readonly peer: string; readonly into?: LinkTarget }
  | { readonly kind: "bridge"; readonly bridge: string }
  /** A bridge that mhlab makes, and that belongs to the lab `owner`. */
  | { readonly kind: "lan"; readonly bridge: string; readonly owner: string };

/** What `SUBSCRIBER_LINK` may say, for messages. */
export const LINK_FORMS =
  "claim, vlan:<parent>:<id>, vlan:<parent>:<outer>.<id>, macvlan:<parent>, veth:<peer-name>, veth:<peer-name>:container:<name>, veth:<peer-name>:netns:<name>, bridge:<bridge> or lan:<bridge>";

const LAN_PREFIX = "mh-";
/** A LAN's bridge is called `mh-<lan>`. */
export const MAX_LAN_NAME = MAX_INTERFACE_NAME - LAN_PREFIX.length;
/** Owner of a LAN that no lab made. */
const NO_LAB = "by-hand";

/** The value of `SUBSCRIBER_LINK`. */
export function parseLink(text: string): BngLink | undefined {
  if (text === "claim") return { kind: "claim" };
  const [kind, name = "", ...rest] = text.split(":");
  if (parseInterfaceName(name) === undefined) return undefined;
  if (kind === "vlan") return parseVlan(name, rest);
  if (kind === "veth") return parseVeth(name, rest);
  if (kind === "lan") return parseLan(name, rest);
  if (rest.length > 0) return undefined;
  if (kind === "macvlan") return { kind, parent: name };
  return kind === "bridge" ? { kind, bridge: name } : undefined;
}

/** Writes a link so that parseLink reads the same. */
export function formatLink(link: BngLink): string {
  switch (link.kind) {
    case "claim":
      return link.kind;
    case "vlan":
      return `vlan:${link.parent}:${link.outer === undefined ? "" : `${link.outer}.`}${link.id}`;
    case "macvlan":
      return `macvlan:${link.parent}`;
    case "veth":
      return `veth:${link.peer}${link.into === undefined ? "" : `:${formatTarget(link.into)}`}`;
    case "bridge":
      return `bridge:${link.bridge}`;
    case "lan":
      return `lan:${link.bridge}:${link.owner}`;
  }
}

/** Where a veth's far end goes: `container:<name>` or `netns:<name>`. */
export function parseTarget(text: string): LinkTarget | undefined {
  const [kind, name = "", ...rest] = text.split(":");
  if (rest.length > 0 || !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(name)) return undefined;
  return kind === "container" || kind === "netns" ? { kind, name } : undefined;
}

/** Writes a target so that parseTarget reads the same. */
export function formatTarget({ kind, name }: LinkTarget): string {
  return `${kind}:${name}`;
}

/** The bridge of a LAN in the host's namespace. */
export function lanBridge(lan: string): string {
  return `${LAN_PREFIX}${lan}`;
}

/** What marks that bridge as mhlab's. */
export function lanMark(owner: string): string {
  return `mhlab:lan:${owner}`;
}

/** The interface that carries a service tag in the host's namespace, shared by all VLANs inside it. */
export function outerName(parent: string, outer: number): string {
  return `mhq${hex(`${parent}.${outer}`)}`;
}

/** The name under which a veth's far end waits in the host's namespace until it is delivered. */
export function waitingName(provider: string, peer: string, target: LinkTarget): string {
  return `mhv${hex(`${provider}/${peer}/${formatTarget(target)}`)}`;
}

function hex(text: string): string {
  return stableHash(text).toString(16).padStart(8, "0");
}

function parseVlan(parent: string, rest: readonly string[]): BngLink | undefined {
  const [ids = "", ...more] = rest;
  const tags = ids.split(".").map(parseVlanId);
  const [first, second] = tags;
  if (more.length > 0 || tags.length > 2 || first === undefined) return undefined;
  if (tags.length === 1) return { kind: "vlan", parent, id: first };
  return second === undefined ? undefined : { kind: "vlan", parent, id: second, outer: first };
}

function parseVeth(peer: string, rest: readonly string[]): BngLink | undefined {
  if (rest.length === 0) return { kind: "veth", peer };
  const into = parseTarget(rest.join(":"));
  return into === undefined ? undefined : { kind: "veth", peer, into };
}

function parseLan(bridge: string, rest: readonly string[]): BngLink | undefined {
  const [owner = NO_LAB, ...more] = rest;
  return more.length > 0 || !/^[a-z0-9-]+$/.test(owner) ? undefined : { kind: "lan", bridge, owner };
}
