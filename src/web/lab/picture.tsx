import { computed, signal } from "@preact/signals";
import { layOut, pathOf, type PlacedLink, type PlacedNode } from "../../core/graph/layout.ts";
import type { GraphState, NodeKind } from "../../core/graph/model.ts";
import { graphOfStatus } from "../../core/graph/of-status.ts";
import { trackKey, type Plot } from "../../core/live/history.ts";
import { faultWords } from "../../core/faults/fault.ts";
import { colourOf, formatRate } from "../format.ts";
import { goneSince, selected, status, version, view } from "../state.ts";
import { faultsOf } from "./faults.ts";

const NARROW = matchMedia("(max-width: 640px)");
const narrow = signal(NARROW.matches);
NARROW.addEventListener("change", () => {
  narrow.value = NARROW.matches;
});

const graph = computed(() => graphOfStatus(status.value));
const layout = computed(() => layOut(graph.value, narrow.value ? "down" : "right"));

const KINDS: Readonly<Record<NodeKind, string>> = {
  internet: "internet",
  "far-side": "far side",
  bng: "provider",
  segment: "subscriber link",
  cpe: "CPE",
  host: "host",
};

const WORDS: Readonly<Record<GraphState, string>> = {
  up: "fine",
  waiting: "not ready",
  down: "down",
  planned: "planned",
};

/** A bit a second is worth no motion. */
const LEAST_RATE = 200;

/** The lab as a picture; a click opens the node. */
export function Picture() {
  const { width, height, nodes, links } = layout.value;
  if (nodes.length === 0)
    return (
      <p class="empty">
        Nothing runs. <code>{view.self} up</code> starts the lab, and it appears here.
      </p>
    );
  const size = `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`;
  return (
    <div class="picture-scroll">
      <svg
        class="picture"
        viewBox={size}
        style={{ maxWidth: `${Math.ceil(width * 1.15)}px` }}
        role="group"
        aria-label={`The lab ${view.lab}`}
      >
        {links.map((link) => (
          <Link key={link.id} {...link} />
        ))}
        {nodes.map((node) => (
          <Node key={node.id} {...node} />
        ))}
      </svg>
    </div>
  );
}

function lastOf(plot: Plot, name: string): number | null {
  void version.value;
  return view.history.valuesOf(trackKey({ plot, name })).at(-1) ?? null;
}

function Link({ curve, labelAt: [[x, y], [x2, y2]], anchor, kind, label, provider, state }: PlacedLink) {
  const names = status.value.providers.map(({ name }) => name);
  const [down, up] =
    provider === undefined ? [null, null] : [lastOf("down", provider), lastOf("up", provider)];
  const gone = provider !== undefined && goneSince(provider) !== undefined;
  const look = gone ? "gone" : state;
  const style = { "--track": colourOf(provider ?? null, names) };
  const path = pathOf(curve);
  const rates =
    kind === "tunnel" && down !== null && up !== null ? `↓ ${formatRate(down)}  ↑ ${formatRate(up)}` : "";
  const flows = state === "up" && !gone && Math.max(down ?? 0, up ?? 0) > LEAST_RATE;
  return (
    <g class={`link ${look}`} style={style}>
      <title>
        {[kind, provider, label, rates, WORDS[state]]
          .filter((word) => word !== undefined && word !== "")
          .join(", ")}
      </title>
      <path class="line" d={path} />
      {flows ? <path class="flow" d={path} /> : null}
      {label === "" ? null : (
        <text class="link-label" x={x} y={y} text-anchor={anchor}>
          {label}
        </text>
      )}
      {rates === "" ? null : (
        <text class="link-rate" x={x2} y={y2} text-anchor={anchor}>
          {rates}
        </text>
      )}
    </g>
  );
}

function Node({ id, kind, name, detail, state, x, y, width, height }: PlacedNode) {
  const names = status.value.providers.map((provider) => provider.name);
  const isMember = kind !== "segment" && kind !== "far-side";
  const gone = isMember ? goneSince(name) : undefined;
  const faults = faultsOf(status.value, name);
  const open = (): void => {
    if (isMember) selected.value = name;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    open();
  };
  const count = faults.length === 0 ? "" : `${faults.length} fault${faults.length === 1 ? "" : "s"}`;
  const fault = faults.length === 0 ? "" : `: ${faults.map(faultWords).join(", ")}`;
  const under = detail === "" ? KINDS[kind] : detail;
  // It begins with what is seen, so that one can say it to a machine that listens.
  const words = `${[name, under, count].filter((word) => word !== "").join(" ")}, ${KINDS[kind]}, ${gone === undefined ? WORDS[state] : "silent"}${fault}`;
  const role = isMember
    ? ({ role: "button", tabindex: 0, onClick: open, onKeyDown } as const)
    : ({ role: "img" } as const);
  const left = x - width / 2;
  const top = y - height / 2;
  return (
    <g
      class={`node ${kind} ${gone === undefined ? state : "gone"} ${selected.value === name ? "selected" : ""}`}
      style={{ "--track": colourOf(kind === "bng" ? name : null, names) }}
      aria-label={words}
      data-id={id}
      {...role}
    >
      <rect x={left} y={top} width={width} height={height} rx="10" />
      {kind === "bng" ? (
        <rect class="stripe" x={left} y={top + 8} width="4" height={height - 16} rx="2" />
      ) : null}
      <circle class="state" cx={left + 18} cy={y - 9} r="5" />
      <text class="name" x={left + 30} y={y - 4}>
        {`${clipped(name, 17)} `}
      </text>
      <text class="detail" x={left + 14} y={y + 15}>
        {`${clipped(under, 25)} `}
      </text>
      {faults.length === 0 ? null : (
        <g class="fault">
          <rect x={left + width - 62} y={top - 9} width="56" height="18" rx="9" />
          <text x={left + width - 34} y={top + 4}>
            {`${count} `}
          </text>
        </g>
      )}
    </g>
  );
}

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
