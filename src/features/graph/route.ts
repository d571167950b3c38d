import type { GraphLink } from "./model.ts";

/** A rectangle by its centre, in pixels from the picture's upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Point = readonly [x: number, y: number];

/** `right`: the internet is at the left; `down`: it is above, for narrow places. */
export type Direction = "right" | "down";

/** How a link runs: a curve where links spread from a shared node, and a straight lane at the node that has a place of its own. */
export interface Route {
  /** A cubic Bézier curve: begin, two controls, end. */
  readonly curve: readonly [Point, Point, Point, Point];
  /** Beside this straight part stands the label, where no other link passes; null for a link without a label. */
  readonly lane: readonly [Point, Point] | null;
  /** Where the label stands, and a second line of it. */
  readonly labelAt: readonly [Point, Point];
  /** How they stand there, as SVG's `text-anchor`. */
  readonly anchor: "start" | "end";
}

/** Pixels between two layers: what the curves need, and what the longest label needs besides. */
export const FAN = { right: 64, down: 44 } as const;
/** The longest label. */
export const LABEL = 160;
export const LANE = { right: 172, down: 40 } as const;

interface Ends {
  readonly from: Box & { readonly compact: boolean };
  readonly to: Box & { readonly compact: boolean };
}

/** Routes a link between two layers. Only providers, each in a row of its own, are at the end of a lane. */
export function routeOf({ kind }: Pick<GraphLink, "kind">, ends: Ends, direction: Direction): Route {
  const { from, to } = ends;
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
  const along = ([x, y]: Point, by: number): Point => (direction === "right" ? [x + by, y] : [x, y + by]);
  const lane = LANE[direction];
  if (kind === "tunnel") {
    const bend = along(end, -lane);
    const lines = direction === "right" ? labelBeside(end, -10, ends.to.compact) : labelRightOf(end, -30);
    return { curve: curved(begin, bend, direction), lane: [bend, end], ...lines };
  }
  const lines = direction === "right" ? labelBeside(begin, 10, ends.from.compact) : labelRightOf(begin, 16);
  if (kind === "lan") return { curve: curved(begin, end, direction), lane: null, ...lines };
  const bend = along(begin, lane);
  return { curve: curved(bend, end, direction), lane: [begin, bend], ...lines };
}

/** A curve that leaves and arrives along the layers' direction. */
function curved(begin: Point, end: Point, direction: Direction): Route["curve"] {
  const [half, across] = [(end[0] - begin[0]) / 2, (end[1] - begin[1]) / 2];
  return direction === "right"
    ? [begin, [begin[0] + half, begin[1]], [end[0] - half, end[1]], end]
    : [begin, [begin[0], begin[1] + across], [end[0], end[1] - across], end];
}

/** A line of text above a horizontal lane, and one below it. */
function labelBeside([x, y]: Point, by: number, compact: boolean): Pick<Route, "labelAt" | "anchor"> {
  const [above, below] = compact ? [-4, 12] : [-7, 16];
  const at = x + by;
  return {
    anchor: by < 0 ? "end" : "start",
    labelAt: [
      [at, y + above],
      [at, y + below],
    ],
  };
}

/** Two lines of text to the right of a vertical lane. */
function labelRightOf([x, y]: Point, by: number): Pick<Route, "labelAt" | "anchor"> {
  return {
    anchor: "start",
    labelAt: [
      [x + 8, y + by],
      [x + 8, y + by + 14],
    ],
  };
}

/** The route as the `d` of an SVG path. */
export function pathOf({ curve: [a, b, c, d], lane }: Pick<Route, "curve" | "lane">): string {
  const curve = `M${point(a)} C${point(b)} ${point(c)} ${point(d)}`;
  if (lane === null) return curve;
  const [begin, end] = lane;
  return end[0] === a[0] && end[1] === a[1]
    ? `M${point(begin)} L${point(end)} C${point(b)} ${point(c)} ${point(d)}`
    : `${curve} L${point(end)}`;
}

function point([x, y]: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
