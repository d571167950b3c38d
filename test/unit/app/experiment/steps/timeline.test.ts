/** Steps in time that the test moves: when each begins, what ends it, and what is never begun. */
import { expect, test } from "vitest";
import {
  runSteps,
  Unsupported,
  type Done,
  type TimelineOptions,
} from "../../../../../src/app/experiment/steps/timeline.ts";
import type { Step } from "../../../../../src/core/judge/scenario/steps/registry.ts";
import type { StepResult } from "../../../../../src/core/judge/experiment/record.ts";
import { pause } from "../../../../../src/app/ports/time.ts";
import { OperationError } from "../../../../../src/core/model/errors.ts";
import { fakeTime } from "../../../support/fake-time.ts";

const mark = (id: string, atS: number | null): Step => ({ id, atS, do: "mark", text: id });
const step = (id: string, atS: number | null, action: Step): Step => ({ ...action, id, atS });
const NONE = { id: "", atS: null };
const WAIT: Step = { ...NONE, do: "wait", until: { is: "delegated", provider: "a", at: "b" }, withinS: 10 };

interface Played {
  readonly results: Promise<StepResult[]>;
  readonly told: string[];
}

function play(
  steps: readonly Step[],
  act: TimelineOptions["act"],
  signal: AbortSignal = new AbortController().signal,
): Played {
  const begunMs = performance.now();
  const told: string[] = [];
  const nowS = (): number => Math.round(performance.now() - begunMs) / 1000;
  const onStep: TimelineOptions["onStep"] = ({ id }, phase) => told.push(`${nowS()} ${id} ${phase}`);
  return { results: runSteps(steps, { nowS, act, onStep, signal }), told };
}

const takes =
  (ms: number, done: Done = {}): TimelineOptions["act"] =>
  async (_, signal) => {
    await pause(ms, signal);
    return done;
  };

test("steps with a time run beside each other, and those without one after the one before", async () => {
  const { pass } = fakeTime();
  const { results, told } = play([mark("a", 1), mark("b", null), mark("c", 2)], takes(1500));
  await pass(10_000);
  expect(told).toEqual(["1 a begin", "2 c begin", "2.5 a end", "2.5 b begin", "3.5 c end", "4 b end"]);
  const all = await results;
  expect(
    all.map(({ id, plannedS, startedS, endedS, outcome }) => [id, plannedS, startedS, endedS, outcome]),
  ).toEqual([
    ["a", 1, 1, 2.5, "done"],
    ["b", null, 2.5, 4, "done"],
    ["c", 2, 2, 3.5, "done"],
  ]);
});

test("one that fails says why, with the evidence of its error, and the others go on", async () => {
  const { pass } = fakeTime();
  const { results } = play([mark("a", 0), mark("b", null), mark("c", null)], async ({ id }) => {
    if (id === "a") throw new OperationError("MHLAB_FAULT", "it was refused", { evidence: ["no netem"] });
    if (id === "b") throw new Unsupported("there is no such thing here");
    return { detail: "fine" };
  });
  await pass(1000);
  expect((await results).map(({ outcome, detail }) => [outcome, detail])).toEqual([
    ["failed", "it was refused; no netem"],
    ["unsupported", "there is no such thing here"],
    ["done", "fine"],
  ]);
});

test("what follows a wait that failed is not reached; what follows anything else is", async () => {
  const { pass } = fakeTime();
  const failing: TimelineOptions["act"] = async (one) => ({ outcome: one.do === "mark" ? "done" : "failed" });
  const after = async (action: Step): Promise<string | undefined> => {
    const { results } = play([step("x", 0, action), mark("next", null)], failing);
    await pass(1000);
    return (await results)[1]?.outcome;
  };
  expect(await after(WAIT)).toBe("not-reached");
  expect(await after({ ...NONE, do: "run", argv: ["x"], node: "pc", save: null, limitS: 1 })).toBe("done");
});

test("a step that hangs is ended by its limit, whatever it makes of its signal", async () => {
  const { pass } = fakeTime();
  const { results, told } = play([mark("a", 0), mark("b", null)], async ({ id }) =>
    id === "a" ? await new Promise<Done>(() => undefined) : {},
  );
  await pass(60_000);
  expect((await results).map(({ outcome, detail }) => [outcome, detail])).toEqual([
    ["failed", "the step a did not end in 5 s"],
    ["done", null],
  ]);
  expect(told.at(-1)).toBe("7 b end");
});

test("an interruption ends what runs, and nothing is begun after it", async () => {
  const { pass } = fakeTime();
  const stop = new AbortController();
  const RUN: Step = { ...NONE, do: "run", argv: ["x"], node: "pc", save: null, limitS: 60 };
  const steps = [step("a", 0, RUN), mark("b", null), mark("c", 5)];
  const { results, told } = play(steps, takes(9000), stop.signal);
  await pass(1000);
  stop.abort();
  await pass(0);
  expect((await results).map(({ id, outcome, detail }) => [id, outcome, detail])).toEqual([
    ["a", "failed", "the run was ended"],
    ["b", "not-reached", "it was not reached"],
    ["c", "not-reached", "it was not reached"],
  ]);
  expect(told).toEqual(["0 a begin", "1 a end"]);
});
