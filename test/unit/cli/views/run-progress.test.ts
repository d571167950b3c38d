import { expect, test, vi } from "vitest";
import type { Scenario } from "../../../../src/core/judge/scenario/record.ts";
import type { StepResult } from "../../../../src/core/judge/experiment/record.ts";
import type { RunProgress } from "../../../../src/core/judge/scenario/progress.ts";
import { frame, openRunView } from "../../../../src/cli/views/run-progress.ts";
import { RunState } from "../../../../src/cli/views/run-state.ts";
import { theme } from "../../../../src/cli/views/theme.ts";

const SOURCE = "2001:db8:a:1::5";
const scenario: Scenario = {
  name: "dead",
  title: null,
  source: null,
  lab: "lab.yaml",
  seed: 1,
  probes: { everyMs: 100, targets: ["2001:db8::1"], from: null },
  flows: [],
  captures: [],
  steps: [
    { id: "dead", atS: 3, do: "fault", kind: "ra-stop", provider: "alpha", options: {} },
    { id: "steps[1]", atS: null, do: "mark", text: "over" },
  ],
  expect: [],
  settleS: 5,
};
const step = (more: Partial<StepResult>): StepResult => ({
  id: "dead",
  text: "mhlab fault inject ra-stop alpha",
  action: "fault",
  plannedS: 3,
  startedS: 3,
  endedS: null,
  outcome: "not-reached",
  detail: null,
  exitCode: null,
  faultId: null,
  node: "alpha",
  ...more,
});
const echo = (up: boolean, sentS: number, atS = sentS): RunProgress => ({
  kind: "echo",
  node: "pc",
  source: SOURCE,
  target: "2001:db8::1",
  up,
  rttMs: up ? 0.42 : null,
  sentS,
  atS,
});
const story: RunProgress[] = [
  { kind: "phase", text: "starting probes" },
  { kind: "began", scenario, endsS: 8 },
  echo(true, 0.1),
  { kind: "step", phase: "begin", step: step({}) },
  echo(false, 3.2, 5.2),
  echo(false, 3.3, 5.3),
  { kind: "step", phase: "end", step: step({ endedS: 5.4, outcome: "failed", detail: "it was refused" }) },
];

test("elsewhere than on a terminal each event is a line, and what only repeats is none", () => {
  let text = "";
  const screen = { write: (piece: string) => void (text += piece), columns: 80, rows: 24 };
  const view = openRunView({ screen, live: false, colour: false });
  for (const progress of [...story, echo(true, 6.1), { kind: "over", partial: true, atS: 7 } as const])
    view.show(progress);
  view.close();
  expect(text.split("\n")).toEqual([
    "          starting probes",
    "   0.0 s  dead begins: 2 steps, about 8 s",
    "   3.0 s  mhlab fault inject ra-stop alpha",
    `   5.2 s  pc from ${SOURCE}: 2001:db8::1 does not answer since 3.2 s`,
    "   5.4 s  mhlab fault inject ra-stop alpha: failed: it was refused",
    `   6.1 s  pc from ${SOURCE}: 2001:db8::1 answers again since 6.1 s`,
    "   7.0 s  ended early",
    "",
  ]);
});

test("on a terminal the block tells how far it is, what runs and comes, and sources that do not answer first", () => {
  const state = new RunState();
  for (const progress of story.slice(0, 5)) state.take(progress);
  state.take({ ...echo(true, 4), node: "home", source: "2001:db8:b::1" } as RunProgress);
  const look = theme(false);
  expect(frame(state, { nowS: 4, rows: 24, look })).toEqual([
    `${"━".repeat(12)}${"─".repeat(12)}    4.0 s of about 8.0 s`,
    "  ▸    3.0 s  mhlab fault inject ra-stop alpha",
    "  ·           mark: over",
    `  ✗ pc    no answer for 0.8 s  ${SOURCE}  2001:db8::1`,
    "  ● home  answers in 0.42 ms   2001:db8:b::1    2001:db8::1",
  ]);
  expect(frame(state, { nowS: 4, rows: 5, look }).at(-1)).toBe("  … and 2 more sources");
  // An address that went is not probed any more; a run that takes longer says so.
  expect(frame(state, { nowS: 20, rows: 24, look })).toEqual([
    `${"━".repeat(24)}   20.0 s of about 20.0 s`,
    "  ▸    3.0 s  mhlab fault inject ra-stop alpha",
    "  ·           mark: over",
  ]);
});

test("what is said in a lab cannot steer the terminal", () => {
  vi.useFakeTimers();
  let text = "";
  const screen = { write: (piece: string) => void (text += piece), columns: 80, rows: 24 };
  const view = openRunView({ screen, live: false, colour: false });
  view.show({ kind: "said", text: "\u001b[2Jgone\u202e\rback", atS: 1 });
  view.show({ kind: "step", phase: "end", step: step({ endedS: 9, detail: "\u001b]0;x\u0007" }) });
  view.close();
  vi.useRealTimers();
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
});
