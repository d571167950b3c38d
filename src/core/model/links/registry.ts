/** All kinds of subscriber links; what depends on the kind of a link is looked up here. */
import { bridge } from "./bridge.ts";
import { claim } from "./claim.ts";
import { cpe } from "./cpe.ts";
import type { LinkKind } from "./kind.ts";
import { lan } from "./lan.ts";
import { macvlan } from "./macvlan.ts";
import { veth } from "./veth.ts";
import { vlan } from "./vlan.ts";
import { vxlan } from "./vxlan.ts";

/** By the kind that links and the status name, in the order of tables and messages. */
export const LINK_KINDS = { claim, vlan, macvlan, bridge, veth, lan, vxlan, cpe } as const;

type Kinds = typeof LINK_KINDS;
export type LinkKindName = keyof Kinds;

/** Where a provider's customers are, as a lab has it. */
export type SubscriberLink = {
  [K in LinkKindName]: Kinds[K] extends LinkKind<infer L, infer _> ? L : never;
}[LinkKindName];

/** How a BNG gets its subscriber interface. */
export type BngLink = {
  [K in LinkKindName]: Kinds[K] extends LinkKind<infer _, infer M> ? M : never;
}[LinkKindName];

/** A kind as far as it need not be known which. */
export type AnyLinkKind = LinkKind<SubscriberLink, BngLink>;

/** Each kind under the name of its links, or this does not compile. */
const KINDS: Readonly<Record<LinkKindName, AnyLinkKind>> = LINK_KINDS satisfies {
  [K in LinkKindName]: LinkKind<Extract<SubscriberLink, { kind: K }>, BngLink>;
};

/** The kinds in their order. */
export const ALL_KINDS: readonly AnyLinkKind[] = Object.values(KINDS);

/** All that is known of the kind of a link. */
export function kindOf({ kind }: SubscriberLink | BngLink): AnyLinkKind {
  return KINDS[kind];
}

/** The kind of links that are called so. */
export function kindNamed(name: string): AnyLinkKind | undefined {
  return Object.hasOwn(KINDS, name) ? KINDS[name as LinkKindName] : undefined;
}

/** The kind that lab.yaml and the command line call so. */
export function kindByKey(key: string): AnyLinkKind | undefined {
  return ALL_KINDS.find((kind) => kind.key === key);
}
