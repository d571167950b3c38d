/** What is known of a node and a link at this moment, in words: the same in the picture and in the list. */
import { faultWords } from "../../core/model/faults/fault.ts";
import type { GraphNode, GraphState, NodeKind } from "../../features/graph/model.ts";
import { trackKey, type Plot } from "../../core/judge/live/history.ts";
import { colourOf, formatRate } from "../data/format.ts";
import { goneSince, selected, status, version, view } from "../data/state.ts";
import { faultsOf } from "./faults.ts";

const KINDS: Readonly<Record<NodeKind, string>> = {
  internet: "internet",
  "far-side": "far side",
  bng: "provider",
  segment: "subscriber link",
  cpe: "CPE",
  host: "host",
};

export const WORDS: Readonly<Record<GraphState, string>> = {
  up: "fine",
  waiting: "not ready",
  down: "down",
  planned: "planned",
};

export interface ShownNode {
  /** Whether it can be opened: a container of the lab. */
  readonly isNode: boolean;
  readonly look: GraphState | "gone";
  readonly under: string;
  /** `2 faults`; empty without one. */
  readonly faults: string;
  /** All of it, beginning with what is seen, so that one can say it to a machine that listens. */
  readonly words: string;
  readonly colour: string;
}

export function shown({ kind, name, detail, state }: GraphNode): ShownNode {
  const isNode = kind !== "segment" && kind !== "far-side";
  const gone = isNode && goneSince(name) !== undefined;
  const all = faultsOf(status.value, name);
  const faults = all.length === 0 ? "" : `${all.length} fault${all.length === 1 ? "" : "s"}`;
  const under = detail === "" ? KINDS[kind] : detail;
  const seen = [name, under, faults].filter((word) => word !== "").join(" ");
  const which = all.length === 0 ? "" : `: ${all.map(faultWords).join(", ")}`;
  return {
    isNode,
    look: gone ? "gone" : state,
    under,
    faults,
    words: `${seen}, ${KINDS[kind]}, ${gone ? "silent" : WORDS[state]}${which}`,
    colour: colourOf(kind === "bng" ? name : null, providerNames()),
  };
}

export function providerNames(): readonly string[] {
  return status.value.providers.map(({ name }) => name);
}

/** Opens what is known of a node. */
export function openNode(name: string): void {
  selected.value = name;
}

/** A provider's bits per second to and from its customers; null where nothing was measured. */
export function ratesOf(provider: string | undefined): readonly [down: number | null, up: number | null] {
  return provider === undefined ? [null, null] : [lastOf("down", provider), lastOf("up", provider)];
}

/** Both rates in words; empty where one is not known. */
export function rateWords(provider: string | undefined): string {
  const [down, up] = ratesOf(provider);
  return down === null || up === null ? "" : `↓ ${formatRate(down)}  ↑ ${formatRate(up)}`;
}

function lastOf(plot: Plot, name: string): number | null {
  void version.value;
  return view.history.valuesOf(trackKey({ plot, name })).at(-1) ?? null;
}
