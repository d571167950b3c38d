import type { Progress, Warning } from "../../core/render/plan/progress.ts";
import { DOING, DONE } from "./deed-words.ts";
import { harmlessAll } from "./theme.ts";

/** Build steps that take no time. */
const QUIET_STEPS = /^Step \d+\/\d+ : (?!FROM|RUN)/;

/** What happened as one line for logs; undefined for what only matters on a live screen. */
export function plainLine(told: Progress): string | undefined {
  const progress = harmlessAll(told);
  switch (progress.kind) {
    case "plan": {
      const count = progress.plan.steps.length;
      return count === 0
        ? `${progress.plan.lab}: nothing to change`
        : `${progress.plan.lab}: ${count} step${count === 1 ? "" : "s"} to do`;
    }
    case "step": {
      const { step, phase } = progress;
      if (phase === "begin") return `${step.name}: ${DOING[step.action]} (${step.reason})`;
      if (phase === "failed") return `${step.name}: failed`;
      return DONE[step.action] === undefined ? undefined : `${step.name}: ${DONE[step.action]}`;
    }
    case "build":
      return QUIET_STEPS.test(progress.line) ? undefined : `${progress.image}: ${shortened(progress.line)}`;
    case "awaiting":
      return progress.detail === "starting" ? undefined : `${progress.name}: ${progress.detail}`;
    case "ready":
      return `${progress.name}: ready`;
    case "settled":
      return `${progress.name}: warning: ${progress.warning}`;
    case "undo":
      return `interrupted; removing what this run created: ${progress.names.join(", ")}`;
    case "engine":
      return progress.text;
    case "warning":
      return warningLines(progress.warning).join("; this stops it: ");
  }
}

/** A warning, and on a line of its own what stops it. */
export function warningLines(warning: Warning): string[] {
  const { message, mend } = harmlessAll(warning);
  return [`warning: ${message}`, ...(mend === undefined ? [] : [mend])];
}

const LONGEST = 100;

/** A build step on one line that a log can bear. */
function shortened(line: string): string {
  const text = line.replace(/\s+/g, " ");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
