import { isExplained } from "../../core/judge/health/derive.ts";
import type { ContainerState, Problem } from "../../core/model/status/model.ts";
import type { Theme } from "./theme.ts";

/** How a status looks, and how wide it may be; undefined: as wide as it comes. */
export interface Look extends Theme {
  readonly width: number | undefined;
  /** The time at which it is looked at, in seconds since 1970. */
  readonly nowS: number;
  /** A text with mhlab's commands as the user has to type them. */
  asCalled(text: string): string;
}

/** What of a node its state is shown by. */
export interface ShownNode {
  readonly state: ContainerState;
  readonly ready: boolean;
  readonly problems: readonly Problem[];
}

/** The state of a node in a word, and whether all its problems come of a fault or a renumbering. */
export function nodeState({ state, ready, problems }: ShownNode, look: Look): string {
  if (problems.length > 0 && problems.every(isExplained)) return look.warn(`◐ ${state} (expected)`);
  if (state === "running") return ready ? look.good("● ready") : look.warn("◐ not ready");
  return state === "starting" || state === "restarting" ? look.warn(`◐ ${state}`) : look.bad(`○ ${state}`);
}

/** Lines of a block, a step to the right. */
export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
