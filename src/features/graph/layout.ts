import type { GraphLink, GraphNode, LabGraph, NodeKind } from "./model.ts";
import { FAN, LABEL, LANE, routeOf, type Box, type Direction, type Route } from "./route.ts";

export interface PlacedNode extends GraphNode, Box {
  /** Whether its layer has so many nodes that each has a single line of text. */
  readonly compact: boolean;
}

export type PlacedLink = GraphLink & Route;

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly links: readonly PlacedLink[];
}

const NODE = { width: 168, height: 54 };
const COMPACT = { width: 236, height: 24 };
/** A layer of more nodes than this is compact, so that twenty providers fit on a screen. */
const MOST_LARGE = 7;
/** Between two nodes of a layer: room for the labels of their links. */
const NODE_GAPS = { right: { large: 40, compact: 8 }, down: { large: 18, compact: 18 } } as const;
const MARGIN = 14;
const SWEEPS = 8;

/** Traffic passes these in this order, so that no link goes back. */
const LAYER: Readonly<Record<NodeKind, number>> = {
  internet: 0,
  "far-side": 0,
  bng: 1,
  segment: 2,
  cpe: 2,
  host: 3,
};

/**
 * Lays a lab out in layers, the internet first and hosts last, with few crossings; the same lab always in the same way.
 * Takes time in proportion to nodes times links at worst, and never fails.
 */
export function layOut(graph: LabGraph, direction: Direction = "right"): Layout {
  const layers = ordered(graph).map((nodes) => ({ nodes, ...sizeOf(nodes, direction) }));
  const across = positions(layers, graph);
  const nodes: PlacedNode[] = [];
  let edge = MARGIN;
  for (const [depth, { nodes: layer, compact, box, deep, wide }] of layers.entries()) {
    for (const node of layer) {
      const deepAt = edge + deep / 2;
      const wideAt = MARGIN + wide / 2 + (across.get(node.id) ?? 0);
      const [x, y] = direction === "right" ? [deepAt, wideAt] : [wideAt, deepAt];
      nodes.push({ ...node, ...box, compact, x, y });
    }
    edge += deep + gapAfter(depth, layers, direction);
  }
  const at = new Map(nodes.map((node) => [node.id, node]));
  const links = graph.links.flatMap((one) => {
    const [from, to] = [at.get(one.from), at.get(one.to)];
    return from === undefined || to === undefined
      ? []
      : [{ ...one, ...routeOf(one, { from, to }, direction) }];
  });
  return {
    width: Math.max(0, ...nodes.map(({ x, width }) => x + width / 2), ...links.map(labelEnd)) + MARGIN,
    height: Math.max(0, ...nodes.map(({ y, height }) => y + height / 2)) + MARGIN,
    nodes,
    links,
  };
}

/** Where the longest label would end at the right. */
function labelEnd({ kind, anchor, labelAt: [[x]] }: PlacedLink): number {
  return kind === "lan" || anchor === "end" ? 0 : x + LABEL;
}

interface Layer {
  readonly nodes: readonly GraphNode[];
  readonly compact: boolean;
  readonly box: { readonly width: number; readonly height: number };
  /** Of a node: its size along the way of the traffic, and across it, without and with the gap to the next one. */
  readonly deep: number;
  readonly wide: number;
  readonly step: number;
}

function sizeOf(nodes: readonly GraphNode[], direction: Direction): Omit<Layer, "nodes"> {
  const compact = direction === "right" && nodes.length > MOST_LARGE;
  const box = compact ? COMPACT : NODE;
  const [deep, wide] = direction === "right" ? [box.width, box.height] : [box.height, box.width];
  return { compact, box, deep, wide, step: wide + NODE_GAPS[direction][compact ? "compact" : "large"] };
}

/** Beside providers there is room for labels; elsewhere lines only spread. */
function gapAfter(depth: number, layers: readonly Layer[], direction: Direction): number {
  const hasProviders = (layer: Layer | undefined): boolean =>
    layer?.nodes.some(({ kind }) => kind === "bng") === true;
  const labelled = [layers[depth], layers[depth + 1]].some(hasProviders);
  return FAN[direction] + (labelled ? LANE[direction] : 0);
}

/** The nodes by layer, each where its neighbours are on average (Sugiyama's barycentre); empty layers are left out. */
function ordered({ nodes, links }: LabGraph): GraphNode[][] {
  const layers = [0, 1, 2, 3].map((depth) => nodes.filter(({ kind }) => LAYER[kind] === depth));
  const neighbours = neighboursIn(links);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    // The providers keep the file's order: it is the one that people know.
    const turn = down ? [2, 3] : [2, 0];
    for (const depth of turn) {
      const other = layers[depth + (down ? -1 : 1)] ?? [];
      const place = new Map(other.map(({ id }, index) => [id, index]));
      const layer = layers[depth] ?? [];
      const now = new Map(layer.map(({ id }, index) => [id, index]));
      const wish = ({ id }: GraphNode): number => mean(neighbours.get(id) ?? [], place) ?? now.get(id) ?? 0;
      layers[depth] = [...layer].sort((one, two) => wish(one) - wish(two));
    }
  }
  return layers.filter((layer) => layer.length > 0);
}

/** How far across each node is: the longest layer evenly, others at the mean of their neighbours with no two too near. */
function positions(layers: readonly Layer[], { links }: LabGraph): ReadonlyMap<string, number> {
  /** Where the middle of each node is. */
  const middles = new Map<string, number>();
  const length = ({ nodes, step }: Layer): number => nodes.length * step;
  const [first] = layers;
  if (first === undefined) return middles;
  const longest = layers.reduce((one, other) => (length(other) > length(one) ? other : one), first);
  for (const [index, { id }] of longest.nodes.entries()) middles.set(id, index * longest.step);
  const neighbours = neighboursIn(links);
  const begin = layers.indexOf(longest);
  const others = [...layers.slice(0, begin).toReversed(), ...layers.slice(begin + 1)];
  for (const { nodes, step } of others) {
    const wishes = nodes.map(({ id }, index) => mean(neighbours.get(id) ?? [], middles) ?? index * step);
    for (const [index, place] of spread(wishes, step).entries()) middles.set(nodes[index]?.id ?? "", place);
  }
  const begins = new Map(
    layers.flatMap(({ nodes, wide }) => nodes.map(({ id }) => [id, (middles.get(id) ?? 0) - wide / 2])),
  );
  const least = Math.min(0, ...begins.values());
  return new Map([...begins].map(([id, place]) => [id, place - least]));
}

/** Places in the same order, at least a step apart, each group of those that touch around the mean of its wishes. */
function spread(wishes: readonly number[], step: number): number[] {
  const groups: { wish: number; count: number }[] = [];
  for (const wish of wishes) {
    let group = { wish, count: 1 };
    for (
      let before = groups.at(-1);
      before !== undefined && touches(before, group, step);
      before = groups.at(-1)
    ) {
      groups.pop();
      const count = before.count + group.count;
      group = { wish: (before.wish * before.count + group.wish * group.count) / count, count };
    }
    groups.push(group);
  }
  return groups.flatMap(({ wish, count }) =>
    Array.from({ length: count }, (_, index) => wish + (index - (count - 1) / 2) * step),
  );
}

function touches(
  one: { readonly wish: number; readonly count: number },
  other: { readonly wish: number; readonly count: number },
  step: number,
): boolean {
  return other.wish - one.wish < ((one.count + other.count) / 2) * step;
}

function mean(ids: readonly string[], places: ReadonlyMap<string, number>): number | undefined {
  const known = ids.flatMap((id) => places.get(id) ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, place) => sum + place, 0) / known.length;
}

function neighboursIn(links: readonly GraphLink[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { from, to } of links) {
    found.set(from, [...(found.get(from) ?? []), to]);
    found.set(to, [...(found.get(to) ?? []), from]);
  }
  return found;
}
