import type { Action, Plan } from "../../core/render/plan/plan.ts";
import { describeOverride } from "../../core/model/intent/runtime-override.ts";
import { harmlessAll, theme, type View } from "./theme.ts";
import { padTo, visibleWidth, widest, wrap } from "./width.ts";

const SIGNS: Record<Action, string> = {
  build: "⚒",
  remove: "-",
  create: "+",
  recreate: "±",
  update: "~",
  start: "▸",
};

/** A plan for people: one line per step with its reason. */
export function renderPlan(planned: Plan, { colour, columns: width }: View): string {
  const look = theme(colour);
  const plan = harmlessAll(planned);
  const overrides = plan.overrides.flatMap(({ name, override }) =>
    wrap(`override kept: ${name} (${describeOverride(override)}); --reset empties it`, {
      width,
      lead: "  ",
    }).map((line) => look.warn(line)),
  );
  if (plan.steps.length === 0) {
    const nothing = `${look.strong(plan.lab)}: nothing to change (${plan.unchanged.join(", ")})`;
    return `${[...wrap(nothing, { width, hang: "  " }), ...overrides].join("\n")}\n`;
  }
  const names = widest(plan.steps.map(({ name }) => name));
  const paint = (action: Action, text: string): string => {
    if (action === "remove") return look.bad(text);
    return action === "create" || action === "start" ? look.good(text) : look.warn(text);
  };
  const lines = plan.steps.flatMap(({ action, name, reason }) => {
    const lead = `  ${paint(action, `${SIGNS[action]} ${action.padEnd(8)}`)}  ${padTo(name, names)}  `;
    // Beside a long name a reason would be a column of single words.
    const beside = width === undefined || visibleWidth(lead) <= width / 2;
    return beside
      ? wrap(look.dim(reason), { width, lead })
      : [...wrap(lead.trimEnd(), { width }), ...wrap(look.dim(reason), { width, lead: "      " })];
  });
  const rest =
    plan.unchanged.length === 0
      ? []
      : wrap(`unchanged: ${plan.unchanged.join(", ")}`, { width, lead: "  ", hang: "    " }).map((line) =>
          look.dim(line),
        );
  return `${[look.strong(plan.lab), ...lines, ...rest, ...overrides].join("\n")}\n`;
}
