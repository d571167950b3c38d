import type { GraphNode, GraphState, LabGraph, NodeKind } from "./model.ts";

const SHAPES: Readonly<Record<NodeKind, string>> = {
  internet: "ellipse",
  "far-side": "ellipse",
  bng: "box",
  segment: "hexagon",
  cpe: "box",
  host: "box",
};

const LOOKS: Readonly<Record<GraphState, string>> = {
  up: 'color="#1a7f37"',
  waiting: 'color="#9a6700", style=dashed',
  down: 'color="#cf222e", style=dotted',
  planned: 'color="#57606a"',
};

/** The lab in Graphviz's language. */
export function renderDot({ lab, nodes, links }: LabGraph): string {
  const lines = [
    `graph ${quoted(lab)} {`,
    "  rankdir=LR;",
    '  node [fontname="sans-serif"]; edge [fontname="sans-serif", fontsize=10];',
    ...nodes.map(
      (node) =>
        `  ${quoted(node.id)} [label=${labelOf(node)}, shape=${SHAPES[node.kind]}, ${LOOKS[node.state]}];`,
    ),
    ...links.map(
      ({ from, to, label, state }) =>
        `  ${quoted(from)} -- ${quoted(to)} [label=${quoted(label)}, ${LOOKS[state]}];`,
    ),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function labelOf({ name, detail }: GraphNode): string {
  return quoted(detail === "" ? name : `${name}\n${detail}`);
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
