import type { ContainerState } from "../core/status/model.ts";
import type { Theme } from "./theme.ts";

/** How a status looks, and how wide it may be; undefined: as wide as it comes. */
export interface Look extends Theme {
  readonly width: number | undefined;
  /** A text with mhlab's commands as the user has to type them. */
  asCalled(text: string): string;
}

/** The state of a member in a word. */
export function memberState({ state, ready }: { state: ContainerState; ready: boolean }, look: Look): string {
  if (state === "running") return ready ? look.good("● ready") : look.warn("◐ not ready");
  return state === "starting" || state === "restarting" ? look.warn(`◐ ${state}`) : look.bad(`○ ${state}`);
}

/** Lines of a block, a step to the right. */
export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
