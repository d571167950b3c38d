import type { GraphLink, GraphNode, LabGraph, NodeKind } from "./model.ts";

/** A rectangle by its centre, in pixels from the picture's upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode extends GraphNode, Box {}

export interface PlacedLink extends GraphLink {
  /** A cubic Bézier curve: begin, two controls, end. */
  readonly curve: readonly [Point, Point, Point, Point];
  /** Where its label stands, and a second line of it: at the provider's end, where no two meet. */
  readonly labelAt: readonly [Point, Point];
  /** How they stand there, as SVG's `text-anchor`. */
  readonly anchor: "start" | "middle" | "end";
}

export type Point = readonly [x: number, y: number];

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly links: readonly PlacedLink[];
}

/** `right`: the internet is at the left; `down`: it is above, for narrow places. */
export type Direction = "right" | "down";

const NODE = { width: 168, height: 54 };
/** Between the layers there is room for the labels of links. */
const GAPS = { right: { layer: 152, node: 40 }, down: { layer: 96, node: 18 } } as const;
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
  const layers = ordered(graph);
  const across = positions(layers, graph, direction);
  const gaps = GAPS[direction];
  const deep = direction === "right" ? NODE.width : NODE.height;
  const wide = direction === "right" ? NODE.height : NODE.width;
  const nodes = layers.flatMap((layer, depth) =>
    layer.map((node): PlacedNode => {
      const deepAt = MARGIN + deep / 2 + depth * (deep + gaps.layer);
      const wideAt = MARGIN + wide / 2 + (across.get(node.id) ?? 0);
      const [x, y] = direction === "right" ? [deepAt, wideAt] : [wideAt, deepAt];
      return { ...node, ...NODE, x, y };
    }),
  );
  const at = new Map(nodes.map((node) => [node.id, node]));
  const links = graph.links.flatMap((one) => {
    const [from, to] = [at.get(one.from), at.get(one.to)];
    return from === undefined || to === undefined ? [] : [placed(one, { from, to }, direction)];
  });
  return {
    width: Math.max(0, ...nodes.map(({ x, width }) => x + width / 2)) + MARGIN,
    height: Math.max(0, ...nodes.map(({ y, height }) => y + height / 2)) + MARGIN,
    nodes,
    links,
  };
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
function positions(
  layers: readonly (readonly GraphNode[])[],
  { links }: LabGraph,
  direction: Direction,
): ReadonlyMap<string, number> {
  const step = (direction === "right" ? NODE.height : NODE.width) + GAPS[direction].node;
  const across = new Map<string, number>();
  const longest = layers.reduce((one, other) => (other.length > one.length ? other : one), layers[0] ?? []);
  for (const [index, { id }] of longest.entries()) across.set(id, index * step);
  const neighbours = neighboursIn(links);
  const begin = layers.indexOf(longest);
  const others = [...layers.slice(0, begin).toReversed(), ...layers.slice(begin + 1)];
  for (const layer of others) {
    const wishes = layer.map(({ id }, index) => mean(neighbours.get(id) ?? [], across) ?? index * step);
    for (const [index, place] of spread(wishes, step).entries()) across.set(layer[index]?.id ?? "", place);
  }
  const least = Math.min(0, ...across.values());
  return new Map([...across].map(([id, place]) => [id, place - least]));
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

/** A curve that leaves and arrives along the layers' direction. */
function placed(
  one: GraphLink,
  { from, to }: { from: PlacedNode; to: PlacedNode },
  direction: Direction,
): PlacedLink {
  const [begin, end]: [Point, Point] =
    direction === "right"
      ? [
          [from.x + from.width / 2, from.y],
          [to.x - to.width / 2, to.y],
        ]
      : [
          [from.x, from.y + from.height / 2],
          [to.x, to.y - to.height / 2],
        ];
  const half = direction === "right" ? (end[0] - begin[0]) / 2 : (end[1] - begin[1]) / 2;
  const [first, second]: [Point, Point] =
    direction === "right"
      ? [
          [begin[0] + half, begin[1]],
          [end[0] - half, end[1]],
        ]
      : [
          [begin[0], begin[1] + half],
          [end[0], end[1] - half],
        ];
  const curve = [begin, first, second, end] as const;
  return { ...one, curve, ...labelPlace(one.kind, curve, direction) };
}

/** The curve leaves its ends along the layers' direction: there is room beside it. */
function labelPlace(
  kind: GraphLink["kind"],
  [begin, , , end]: PlacedLink["curve"],
  direction: Direction,
): Pick<PlacedLink, "labelAt" | "anchor"> {
  const [x, y] = kind === "tunnel" ? end : begin;
  if (direction === "down") {
    const first = kind === "tunnel" ? y - 24 : y + 18;
    return {
      anchor: "middle",
      labelAt: [
        [x, first],
        [x, first + 14],
      ],
    };
  }
  const at = kind === "tunnel" ? x - 10 : x + 10;
  return {
    anchor: kind === "tunnel" ? "end" : "start",
    labelAt: [
      [at, y - 7],
      [at, y + 16],
    ],
  };
}

/** The curve as the `d` of an SVG path. */
export function pathOf([a, b, c, d]: PlacedLink["curve"]): string {
  return `M${point(a)} C${point(b)} ${point(c)} ${point(d)}`;
}

function point([x, y]: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
