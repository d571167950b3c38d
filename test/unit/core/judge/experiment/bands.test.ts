import { expect, test } from "vitest";
import { bandsOf, type FaultNews } from "../../../../../src/core/judge/scenario/bands.ts";
import type { Fact, StepResult } from "../../../../../src/core/judge/experiment/record.ts";
import type { Step } from "../../../../../src/core/judge/scenario/steps/registry.ts";

const news = (atS: number, id: string, reason: FaultNews["reason"] = null): FaultNews => ({
  atS,
  node: "alpha",
  fault: { id, kind: "ra-stop", direction: "down", options: {}, hits: { up: 1, down: 2 } },
  reason,
});
const step = (
  id: string,
  action: StepResult["action"],
  times: readonly [number, number | null],
): StepResult => ({
  id,
  text: `do ${id}`,
  action,
  plannedS: null,
  startedS: times[0],
  endedS: times[1],
  outcome: "done",
  detail: null,
  exitCode: null,
  faultId: null,
  node: "alpha",
});
const prefix = (atS: number, subject: string, state: string | null): Fact => ({
  atS,
  node: "alpha",
  kind: "prefix",
  subject,
  provider: "alpha",
  state,
});

test("a fault lasts from when its agent says that it began to when that says it ended", () => {
  const all = [
    news(3.4, "alpha-1"),
    news(3.5, "alpha-1"),
    news(7.7, "alpha-1", "time"),
    news(5, "alpha-2"),
    news(1, "alpha-0", "cleared"),
  ];
  expect(bandsOf(all, { plan: [], steps: [], facts: [], endS: 60 })).toEqual([
    expect.objectContaining({ id: "alpha-1", kind: "fault", node: "alpha", fromS: 3.4, toS: 7.7 }),
    expect.objectContaining({ id: "alpha-2", fromS: 5, toS: null }),
  ]);
});

test("a renumbering lasts until the last former prefix is gone", () => {
  const steps = [step("r", "renumber", [10, 11])];
  const graceful = [
    prefix(10.2, "2001:db8:a::/48", "deprecated"),
    prefix(10.2, "2001:db8:c::/48", "current"),
  ];
  const toS = (facts: Fact[]) => bandsOf([], { plan: [], steps, facts, endS: 60 })[0]?.toS;
  expect(toS([...graceful, prefix(40, "2001:db8:a::/48", null)])).toBe(40);
  expect(toS(graceful)).toBeNull();
  expect(toS([prefix(10.2, "2001:db8:a::/48", null)])).toBe(11);
});

test("who is killed is away until it is ready again; who is restarted, until the step is done", () => {
  const plan: Step[] = [
    { id: "kill", atS: 1, do: "restart", node: "alpha", how: "kill" },
    { id: "again", atS: 9, do: "restart", node: "alpha", how: "restart" },
  ];
  const ready: Fact = {
    atS: 5,
    node: "alpha",
    kind: "ready",
    subject: "alpha",
    provider: null,
    state: "ready",
  };
  const steps = [step("kill", "restart", [1, 1.2]), step("again", "restart", [9, 12])];
  expect(bandsOf([], { plan, steps, facts: [ready], endS: 60 }).map(({ id, toS }) => [id, toS])).toEqual([
    ["kill", 5],
    ["again", 12],
  ]);
});

test("what was not reached has no band", () => {
  const steps: StepResult[] = [
    { ...step("m", "mark", [1, 1]), outcome: "not-reached" },
    step("n", "mark", [2, 2]),
  ];
  expect(bandsOf([], { plan: [], steps, facts: [], endS: 60 }).map(({ id }) => id)).toEqual(["n"]);
});
