import { reasonOf } from "../errors.ts";
import type { RunRecord, Step } from "../experiment/model.ts";
import { formatPrefix6, parsePrefix6 } from "../ip6.ts";
import { recordShape } from "./record-shape.ts";

/** What is in tables of its own. */
export type Tables = Pick<RunRecord, "probes" | "flows" | "facts">;

/** The record without its tables, as JSON. Prefixes are texts. */
export function writeRunJson({ probes: _p, flows: _f, facts: _a, ...rest }: RunRecord): string {
  const { scenario } = rest;
  return `${JSON.stringify({ ...rest, scenario: { ...scenario, steps: scenario.steps.map(writeStep) } }, null, 2)}\n`;
}

function writeStep(step: Step): unknown {
  if (step.do !== "renumber" || !("to" in step.order) || step.order.to === undefined) return step;
  return { ...step, order: { ...step.order, to: formatPrefix6(step.order.to) } };
}

/** A text that is no such JSON; the message says at which key. */
export class NoRecord extends Error {}

/** The record without its tables. Throws NoRecord. */
export function readRunJson(text: string): Omit<RunRecord, keyof Tables> {
  const { success, data, error } = recordShape.safeParse(parsed(text));
  if (!success) {
    const [first] = error.issues;
    throw new NoRecord(`${(first?.path ?? []).join(".") || "the whole"}: ${first?.message ?? "is wrong"}`);
  }
  const steps = data.scenario.steps.map((step, index) => readStep(step, `scenario.steps.${index}`));
  return { ...data, scenario: { ...data.scenario, steps } } as unknown as Omit<RunRecord, keyof Tables>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NoRecord(reasonOf(error));
  }
}

function readStep(step: Readonly<Record<string, unknown>>, place: string): unknown {
  const order = step["order"];
  if (step["do"] !== "renumber" || typeof order !== "object" || order === null || !("to" in order))
    return step;
  const to = typeof order.to === "string" ? parsePrefix6(order.to) : undefined;
  if (to === undefined) throw new NoRecord(`${place}.order.to: is no IPv6 prefix`);
  return { ...step, order: { ...order, to } };
}
