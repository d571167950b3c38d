import { expect, test } from "vitest";
import { withAbandoned } from "../../../../../src/core/judge/scenario/bands.ts";
import type { FaultNews } from "../../../../../src/core/judge/scenario/bands.ts";
import type { StepResult } from "../../../../../src/core/judge/experiment/record.ts";

const step = (faultId: string | null): StepResult => ({
  id: "dead",
  text: "",
  action: "fault",
  plannedS: 1,
  startedS: 1,
  endedS: 1.2,
  outcome: "done",
  detail: null,
  exitCode: null,
  faultId,
  node: "alpha",
});

const news = (reason: FaultNews["reason"]): FaultNews => ({
  atS: 11.25,
  node: "alpha",
  fault: {
    id: "alpha-1",
    kind: "upstream-blackhole",
    direction: "both",
    options: {},
    hits: { up: 1, down: 1 },
  },
  reason,
});

test("a step has failed whose fault the run did not keep alive; others stay as they are", () => {
  expect(withAbandoned([step("alpha-1"), step("alpha-2"), step(null)], [news("abandoned")])).toEqual([
    {
      ...step("alpha-1"),
      outcome: "failed",
      detail: "the fault ended after 11.3 s, because mhlab stood still and did not keep it alive",
    },
    step("alpha-2"),
    step(null),
  ]);
  for (const reason of ["time", "cleared", "reset", null] as const)
    expect(withAbandoned([step("alpha-1")], [news(reason)])).toEqual([step("alpha-1")]);
});
