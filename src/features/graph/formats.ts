import { renderDot } from "./dot.ts";
import { layOut } from "./layout.ts";
import { renderMermaid } from "./mermaid.ts";
import type { LabGraph } from "./model.ts";
import { renderSvg } from "./svg.ts";

/** What a picture can be written as. */
export const GRAPH_FORMATS = ["svg", "mermaid", "dot", "json"] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

export const RENDERERS: Readonly<Record<Exclude<GraphFormat, "json">, (graph: LabGraph) => string>> = {
  svg: renderSvg,
  mermaid: renderMermaid,
  dot: renderDot,
};

/** Nodes and links with their places, in pixels. */
export function graphJson(graph: LabGraph): object {
  return { lab: graph.lab, ...layOut(graph) };
}
