import type { PlacedLink, PlacedNode } from "../../features/graph/layout.ts";
import { pathOf } from "../../features/graph/route.ts";
import { colourOf } from "../data/format.ts";
import { goneSince, selected } from "../data/state.ts";
import { openNode, providerNames, ratesOf, rateWords, shown, WORDS, type ShownNode } from "./node-words.ts";

/** A bit a second is worth no motion. */
const LEAST_RATE = 200;
/** A name of more characters is set smaller. */
const LONG_NAME = 13;

/** A link with its label, and on a tunnel the rates of now. */
export function Link({ labelAt, anchor, kind, label, provider, state, ...route }: PlacedLink) {
  const [[x, y], [x2, y2]] = labelAt;
  const gone = provider !== undefined && goneSince(provider) !== undefined;
  const look = gone ? "gone" : state;
  const path = pathOf(route);
  const rates = kind === "tunnel" ? rateWords(provider) : "";
  const most = Math.max(...ratesOf(provider).map((rate) => rate ?? 0));
  const words = [kind, provider, label, rates, WORDS[state]].filter(
    (word) => word !== undefined && word !== "",
  );
  return (
    <g class={`link ${look}`} style={{ "--track": colourOf(provider ?? null, providerNames()) }}>
      <title>{words.join(", ")}</title>
      <path class="line" d={path} />
      {state === "up" && !gone && most > LEAST_RATE ? <path class="flow" d={path} /> : null}
      {label === "" ? null : (
        <text class="link-label" x={x} y={y} text-anchor={anchor}>
          {clipped(label, 26)}
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

/** A node as a box; a click, Enter or Space opens it. */
export function Node(node: PlacedNode) {
  const { id, kind, name, x, y, width, height, compact } = node;
  const told = shown(node);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    openNode(name);
  };
  const role = told.isNode
    ? ({ role: "button", tabindex: 0, onClick: () => openNode(name), onKeyDown } as const)
    : ({ role: "img" } as const);
  const [left, top] = [x - width / 2, y - height / 2];
  const inset = compact ? 4 : 8;
  return (
    <g
      class={`node ${kind} ${told.look} ${compact ? "compact" : ""} ${selected.value === name ? "selected" : ""}`}
      style={{ "--track": told.colour }}
      aria-label={told.words}
      data-id={id}
      {...role}
    >
      <rect x={left} y={top} width={width} height={height} rx={compact ? 7 : 10} />
      {kind === "bng" ? (
        <rect class="stripe" x={left} y={top + inset} width="4" height={height - 2 * inset} rx="2" />
      ) : null}
      {compact ? <OneLine node={node} told={told} /> : <TwoLines node={node} told={told} />}
    </g>
  );
}

interface TextsOf {
  readonly node: PlacedNode;
  readonly told: ShownNode;
}

function TwoLines({ node: { x, y, width, height, name }, told: { under, faults } }: TextsOf) {
  const left = x - width / 2;
  return (
    <>
      <circle class="state" cx={left + 18} cy={y - 9} r="5" />
      <text class={name.length > LONG_NAME ? "name long" : "name"} x={left + 30} y={y - 4}>
        {`${clipped(name, 17)} `}
      </text>
      <text class="detail" x={left + 14} y={y + 15}>
        {`${clipped(under, 25)} `}
      </text>
      <FaultBadge words={faults} right={left + width - 6} middle={y - height / 2} />
    </>
  );
}

/** The badge of a fault takes the place of the detail. */
function OneLine({ node: { x, y, width, name }, told: { under, faults } }: TextsOf) {
  const [left, right] = [x - width / 2, x + width / 2];
  return (
    <>
      <circle class="state" cx={left + 15} cy={y} r="4.5" />
      <text class="name" x={left + 26} y={y + 4.5}>
        {`${clipped(name, 11)} `}
      </text>
      {faults === "" ? (
        <text class="detail" x={right - 8} y={y + 4.5} text-anchor="end">
          {`${clipped(under, 19)} `}
        </text>
      ) : null}
      <FaultBadge words={faults} right={right - 4} middle={y} />
    </>
  );
}

function FaultBadge({ words, right, middle }: { words: string; right: number; middle: number }) {
  if (words === "") return null;
  return (
    <g class="fault">
      <rect x={right - 56} y={middle - 9} width="56" height="18" rx="9" />
      <text x={right - 28} y={middle + 4}>
        {`${words} `}
      </text>
    </g>
  );
}

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
