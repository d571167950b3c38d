import type { Action, Plan } from "../core/plan/plan.ts";
import { describeOverlay } from "../core/intent/overlay.ts";
import { harmlessAll, padTo, theme } from "./theme.ts";

const SIGNS: Record<Action, string> = {
  build: "⚒",
  remove: "-",
  create: "+",
  recreate: "±",
  update: "~",
  start: "▸",
};

/** A plan for people: one line per step with its reason. */
export function renderPlan(planned: Plan, colour: boolean): string {
  const look = theme(colour);
  const plan = harmlessAll(planned);
  const overlays = plan.overlays.map(({ name, overlay }) =>
    look.warn(`  overlay kept: ${name} (${describeOverlay(overlay)}); --reset empties it`),
  );
  if (plan.steps.length === 0) {
    const nothing = `${look.strong(plan.lab)}: nothing to change (${plan.unchanged.join(", ")})`;
    return `${[nothing, ...overlays].join("\n")}\n`;
  }
  const width = Math.max(...plan.steps.map(({ name }) => name.length));
  const paint = (action: Action, text: string): string => {
    if (action === "remove") return look.bad(text);
    return action === "create" || action === "start" ? look.good(text) : look.warn(text);
  };
  const lines = plan.steps.map(
    ({ action, name, reason }) =>
      `  ${paint(action, `${SIGNS[action]} ${action.padEnd(8)}`)}  ${padTo(name, width)}  ${look.dim(reason)}`,
  );
  const rest = plan.unchanged.length === 0 ? [] : [look.dim(`  unchanged: ${plan.unchanged.join(", ")}`)];
  return `${[look.strong(plan.lab), ...lines, ...rest, ...overlays].join("\n")}\n`;
}
