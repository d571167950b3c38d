import { expect, test } from "vitest";
import { applyPlan } from "../../../src/app/apply.ts";
import type { Member } from "../../../src/app/agents/member.ts";
import type { PlannedLab } from "../../../src/app/plan-up.ts";
import type { Step } from "../../../src/core/plan/plan.ts";

/** A plan of steps for members that only note what is done to them. */
function planOf(actions: Readonly<Record<string, Step["action"]>>): { planned: PlannedLab; done: string[] } {
  const done: string[] = [];
  const names = Object.keys(actions);
  const note = (what: string, name: string) => (): Promise<void> => {
    done.push(`${what} ${name}`);
    return Promise.resolve();
  };
  const member = (name: string): Partial<Member> => ({
    name,
    create: note("create", name),
    start: note("start", name),
    remove: note("remove", name),
  });
  const steps = names.map((name) => ({ action: actions[name], name, role: "bng", reason: "new" }));
  const planned = {
    plan: { lab: "lab", steps },
    specs: new Map(names.map((name) => [name, { name, files: [] }])),
    members: new Map(names.map((name) => [name, member(name)])),
    seen: { members: [] },
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

test("new containers are made while the host is looked at, and none is started before it was found fit", async () => {
  const { planned, done } = planOf({ alpha: "create", beta: "create" });
  let found = (): void => {};
  const applied = apply(planned, () => new Promise((resolve) => (found = resolve)));
  await expect.poll(() => done).toEqual(["create alpha", "create beta"]);
  found();
  await applied;
  expect(done.slice(2).sort()).toEqual(["start alpha", "start beta"]);
});

test("on a host that lacks something nothing stays of them, and nothing was started", async () => {
  const { planned, done } = planOf({ alpha: "create", beta: "create" });
  const phases: string[] = [];
  const refuse = (): Promise<void> => Promise.reject(new Error("no TUN"));
  await expect(apply(planned, refuse, phases)).rejects.toThrow("no TUN");
  // It is the host that failed, no step.
  expect(phases).toEqual(["begin", "begin"]);
  expect([...done].sort()).toEqual(["create alpha", "create beta", "remove alpha", "remove beta"]);
});

test("where anything is there already, it waits for the look at the host", async () => {
  const { planned, done } = planOf({ alpha: "recreate", beta: "create" });
  await expect(apply(planned, () => Promise.reject(new Error("no TUN")))).rejects.toThrow("no TUN");
  expect(done).toEqual([]);
});
