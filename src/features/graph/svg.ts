import { escapeMarkup } from "../../core/model/markup.ts";
import { layOut, type PlacedLink, type PlacedNode } from "./layout.ts";
import { GRAPH_STATES, type GraphState, type LabGraph, type NodeKind } from "./model.ts";
import { pathOf } from "./route.ts";

const TITLES: Readonly<Record<NodeKind, string>> = {
  internet: "internet",
  "far-side": "far side",
  bng: "provider",
  segment: "subscriber link",
  cpe: "CPE",
  host: "host",
};

/** By state: the colour on light paper, and on dark. They stand out from each other without red and green alone: lines differ too. */
const COLOURS: Readonly<Record<GraphState, readonly [string, string]>> = {
  up: ["#1a7f37", "#3fb950"],
  waiting: ["#9a6700", "#d29922"],
  down: ["#cf222e", "#f85149"],
  planned: ["#57606a", "#8b949e"],
};

/** A picture that stands alone: no outside resource, light or dark as the reader likes, and a text for each part. */
export function renderSvg(graph: LabGraph): string {
  const { width, height, nodes, links } = layOut(graph);
  const size = `${Math.ceil(width)} ${Math.ceil(height)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" role="img" aria-label="${escapeMarkup(`The lab ${graph.lab}`)}">`,
    `<style>${style()}</style>`,
    ...links.map(drawLink),
    ...nodes.map(drawNode),
    "</svg>",
    "",
  ].join("\n");
}

function style(): string {
  return [
    "text{font:12px system-ui,sans-serif;fill:#1f2328;text-anchor:middle}",
    ".name{font-weight:600;font-size:13px}.kind,.label{fill:#57606a;font-size:11px}",
    "rect{fill:#fff;stroke-width:1.5}path{fill:none;stroke-width:2}",
    "path.waiting{stroke-dasharray:6 4}path.down{stroke-dasharray:2 5}",
    strokes(0),
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.kind,.label{fill:#8b949e}rect{fill:#161b22}",
    strokes(1),
    "}",
  ].join("");
}

function strokes(shade: 0 | 1): string {
  return GRAPH_STATES.map((state) => `.${state}{stroke:${COLOURS[state][shade]}}`).join("");
}

function drawNode({ x, y, width, height, compact, kind, name, detail, state }: PlacedNode): string {
  const corner = `x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="8"`;
  const under = detail === "" ? TITLES[kind] : detail;
  const title = `<title>${escapeMarkup(`${TITLES[kind]} ${name}: ${state}`)}</title>`;
  const [left, right] = [x - width / 2 + 10, x + width / 2 - 10];
  const texts = compact
    ? [
        `<text class="name" x="${left}" y="${y + 4}" style="text-anchor:start">${escapeMarkup(clipped(name, 13))}</text>`,
        `<text class="kind" x="${right}" y="${y + 4}" style="text-anchor:end">${escapeMarkup(clipped(under, 20))}</text>`,
      ]
    : [
        `<text class="name" x="${x}" y="${y - 3}">${escapeMarkup(clipped(name, 22))}</text>`,
        `<text class="kind" x="${x}" y="${y + 15}">${escapeMarkup(clipped(under, 26))}</text>`,
      ];
  return [`<g>${title}<rect class="${state}" ${corner}/>`, ...texts].join("\n").concat("</g>");
}

function drawLink({ labelAt: [[x, y]], anchor, kind, label, provider, state, ...route }: PlacedLink): string {
  const title = [kind, provider, label, state].filter((word) => word !== undefined && word !== "").join(", ");
  const place = `x="${Math.round(x)}" y="${Math.round(y)}" style="text-anchor:${anchor}"`;
  const text = label === "" ? "" : `<text class="label" ${place}>${escapeMarkup(clipped(label, 26))}</text>`;
  return `<g><title>${escapeMarkup(title)}</title><path class="${state}" d="${pathOf(route)}"/>${text}</g>`;
}

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
