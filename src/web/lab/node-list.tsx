import type { GraphNode, LabGraph, NodeKind } from "../../features/graph/model.ts";
import { selected } from "../data/state.ts";
import { openNode, rateWords, shown, WORDS } from "./node-words.ts";

const GROUPS: readonly (readonly [title: string, kinds: readonly NodeKind[]])[] = [
  ["Internet", ["internet", "far-side"]],
  ["Providers", ["bng"]],
  ["Customers", ["segment", "cpe"]],
  ["Hosts", ["host"]],
];

/** The lab as a list: all that the picture shows, for narrow windows. */
export function NodeList({ graph }: { graph: LabGraph }) {
  return (
    <div class="node-groups">
      {GROUPS.map(([title, kinds]) => {
        const nodes = graph.nodes.filter(({ kind }) => kinds.includes(kind));
        if (nodes.length === 0) return null;
        return (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <ul class="node-list">
              {nodes.map((node) => (
                <li key={node.id}>
                  <Row node={node} graph={graph} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Row({ node, graph }: { node: GraphNode; graph: LabGraph }) {
  const { id, kind, name, state } = node;
  const told = shown(node);
  const links = kind === "bng" ? linksOf(node, graph) : [];
  const words = told.look === "gone" ? "silent" : WORDS[state];
  // Names and values are set apart by spaces for those who hear them.
  const inside = (
    <>
      <span class="state" aria-hidden="true" />
      <span class="name">{name}</span> <span class="detail">{told.under}</span>{" "}
      {told.faults === "" ? null : <span class="chip down">{told.faults}</span>}{" "}
      {told.look === "up" ? null : <span class="chip waiting">{words}</span>}
      {links.map((line) => (
        <span key={line} class="link-words">
          {` ${line}`}
        </span>
      ))}
    </>
  );
  const look = `node-row ${kind} ${told.look} ${selected.value === name ? "selected" : ""}`;
  const common = { class: look, style: { "--track": told.colour }, "data-id": id };
  return told.isNode ? (
    <button {...common} onClick={() => openNode(name)}>
      {inside}
    </button>
  ) : (
    <div {...common}>{inside}</div>
  );
}

/** A provider's tunnel and its customers: `tunnel 0.42 ms, ↓ 1 kbit/s ↑ 2 kbit/s`, `home: 2001:db8:0:8000::/56`. */
function linksOf({ id, name }: GraphNode, { nodes, links }: LabGraph): string[] {
  const nameOf = (wanted: string): string => nodes.find((one) => one.id === wanted)?.name ?? "";
  return links.flatMap(({ from, to, kind, label }) => {
    if (kind === "tunnel" && to === id)
      return [["tunnel", label, rateWords(name)].filter((word) => word !== "").join("  ")];
    return kind === "subscriber" && from === id ? [`to ${nameOf(to)}: ${label}`] : [];
  });
}
