import type { GraphNode, GraphState, LabGraph } from "./model.ts";

const CLASSES: Readonly<Record<GraphState, string>> = {
  up: "stroke:#1a7f37",
  waiting: "stroke:#9a6700,stroke-dasharray:5 3",
  down: "stroke:#cf222e,stroke-dasharray:2 3",
  planned: "stroke:#57606a",
};

/** A Mermaid flowchart, as wikis and forges draw it. */
export function renderMermaid({ nodes, links }: LabGraph): string {
  const idOf = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const used = [...new Set(nodes.map(({ state }) => state))];
  const lines = [
    "flowchart LR",
    ...nodes.map((node) => `  ${idOf.get(node.id)}${shape(node)}:::${node.state}`),
    ...links.map(({ from, to, label, state }) => {
      const arrow = state === "up" || state === "planned" ? "---" : "-.-";
      const text = label === "" ? "" : `|${quoted(label)}|`;
      return `  ${idOf.get(from)} ${arrow}${text} ${idOf.get(to)}`;
    }),
    ...used.map((state) => `  classDef ${state} ${CLASSES[state]}`),
  ];
  return `${lines.join("\n")}\n`;
}

function shape({ kind, name, detail }: GraphNode): string {
  const text = quoted(detail === "" ? name : `${name}\n${detail}`);
  switch (kind) {
    case "internet":
    case "far-side":
      return `((${text}))`;
    case "segment":
      return `{{${text}}}`;
    case "host":
      return `(${text})`;
    case "bng":
    case "cpe":
      return `[${text}]`;
  }
}

/** Mermaid knows entities, written with `#` in the place of `&`. */
function quoted(text: string): string {
  const safe = text.replaceAll(/[^\p{L}\p{N} .,:/_\n-]/gu, (char) => `#${char.codePointAt(0) ?? 0};`);
  return `"${safe.replaceAll("\n", "<br/>")}"`;
}
