import { expect, test } from "vitest";
import { applyPlan } from "../../../src/app/apply.ts";
import type { Node } from "../../../src/app/agents/node.ts";
import type { PlannedLab } from "../../../src/app/plan-up.ts";
import type { Step } from "../../../src/core/render/plan/plan.ts";

/** A plan of steps for nodes that only note what is done to them. */
function planOf(
  actions: Readonly<Record<string, Step["action"]>>,
  failures: Readonly<Record<string, Error>> = {},
): { planned: PlannedLab; done: string[] } {
  const done: string[] = [];
  const names = Object.keys(actions);
  const note = (what: string, name: string) => (): Promise<void> => {
    done.push(`${what} ${name}`);
    const failure = what === "create" ? failures[name] : undefined;
    return failure === undefined ? Promise.resolve() : Promise.reject(failure);
  };
  const node = (name: string): Partial<Node> => ({
    name,
    create: note("create", name),
    start: note("start", name),
    remove: note("remove", name),
  });
  const steps = names.map((name) => ({ action: actions[name], name, role: "bng", reason: "new" }));
  const planned = {
    plan: { lab: "lab", steps },
    specs: new Map(names.map((name) => [name, { name, files: [] }])),
    nodes: new Map(names.map((name) => [name, node(name)])),
    seen: { nodes: [] },
  };
  return { planned: planned as unknown as PlannedLab, done };
}

/** Applies a plan; `phases` takes those of its steps that people are told of. */
async function apply(
  planned: PlannedLab,
  beforeContainers: () => Promise<void>,
  phases: string[] = [],
): Promise<void> {
  await applyPlan(planned, {
    engines: undefined as never,
    readKey: undefined as never,
    signal: new AbortController().signal,
    report: (progress) => void (progress.kind === "step" && phases.push(progress.phase)),
    onRunning: () => Promise.resolve(),
    onCreate: () => {},
    reset: false,
    beforeContainers,
  });
}

const MANY = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`p${index}`, "create" as const]));
const MADE = Object.keys(MANY).map((name) => `create ${name}`);

test("new containers, however many, are made while the host is looked at, and none is started before it was found fit", async () => {
  const { planned, done } = planOf(MANY);
  let found = (): void => {};
  const applied = apply(planned, () => new Promise((resolve) => (found = resolve)));
  await expect.poll(() => done).toEqual(MADE);
  found();
  await applied;
  expect(done.slice(MADE.length)).toEqual(Object.keys(MANY).map((name) => `start ${name}`));
});

test("each starts as soon as it is made, while others are made", async () => {
  const { planned, done } = planOf(MANY);
  await apply(planned, () => Promise.resolve());
  expect(done).toHaveLength(2 * MADE.length);
  expect(done.indexOf("start p0")).toBeLessThan(done.indexOf("create p49"));
});

test("after one that cannot be made no more are made, and only that one is told to have failed", async () => {
  const { planned, done } = planOf(MANY, { p5: new Error("no space left") });
  const phases: string[] = [];
  await expect(apply(planned, () => Promise.resolve(), phases)).rejects.toThrow("no space left");
  expect(done.filter((what) => what.startsWith("create")).length).toBeLessThan(12);
  expect(done.filter((what) => what.startsWith("remove"))).toEqual([]);
  expect(phases.filter((phase) => phase === "failed")).toHaveLength(1);
  // What was made until then is no loss: it starts, or the next `up` starts it.
  expect(done).toContain("start p0");
});

test("on a host that lacks something nothing stays of them, and nothing was started", async () => {
  const { planned, done } = planOf({ alpha: "create", beta: "create" });
  const phases: string[] = [];
  const refuse = (): Promise<void> => Promise.reject(new Error("no TUN"));
  await expect(apply(planned, refuse, phases)).rejects.toThrow("no TUN");
  // It is the host that failed, no step.
  expect(phases).toEqual(["begin", "begin"]);
  expect([...done].sort()).toEqual(["create alpha", "create beta", "remove alpha", "remove beta"]);
  const many = planOf(MANY);
  await expect(apply(many.planned, refuse)).rejects.toThrow("no TUN");
  const made = many.done.filter((what) => what.startsWith("create"));
  expect(many.done.filter((what) => !what.startsWith("create")).sort()).toEqual(
    made.map((what) => what.replace("create", "remove")).sort(),
  );
});

test("where anything is there already, it waits for the look at the host", async () => {
  const { planned, done } = planOf({ alpha: "recreate", beta: "create" });
  await expect(apply(planned, () => Promise.reject(new Error("no TUN")))).rejects.toThrow("no TUN");
  expect(done).toEqual([]);
});
