/** A lab as a picture: who is there, and what connects them. */

/** What a node stands for. `far-side`: a server of the user's that ends a tunnel; `segment`: a link that customers of the user's are on. */
export const NODE_KINDS = ["internet", "far-side", "bng", "segment", "cpe", "host"] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** How a part of a lab is; `planned` where nobody was asked, because it is a file's. */
export const GRAPH_STATES = ["up", "waiting", "down", "planned"] as const;
export type GraphState = (typeof GRAPH_STATES)[number];

export interface GraphNode {
  /** Unique in its graph: its kind and its name. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** The most telling thing about it: a provider's prefix, where a far side is. */
  readonly detail: string;
  readonly state: GraphState;
}

export interface GraphLink {
  readonly id: string;
  /** The end nearer to the internet. */
  readonly from: string;
  readonly to: string;
  readonly kind: "tunnel" | "subscriber" | "lan";
  readonly label: string;
  readonly state: GraphState;
  /** Whose traffic passes; left out where it is that of all. */
  readonly provider?: string;
}

export interface LabGraph {
  readonly lab: string;
  readonly nodes: readonly GraphNode[];
  readonly links: readonly GraphLink[];
}

/** The id of a node. */
export function nodeId(kind: NodeKind, name: string): string {
  return `${kind}:${name}`;
}

/** A link between two nodes; `name` tells apart those between the same two. */
export function link(
  [from, to]: readonly [string, string],
  rest: Omit<GraphLink, "id" | "from" | "to">,
): GraphLink {
  return { id: `${from}>${to}${rest.provider === undefined ? "" : `@${rest.provider}`}`, from, to, ...rest };
}
