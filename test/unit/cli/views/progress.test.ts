import { expect, test, vi } from "vitest";
import type { Step } from "../../../../src/core/render/plan/plan.ts";
import type { Progress } from "../../../../src/core/render/plan/progress.ts";
import { formatAgo, formatElapsed, formatMs, formatSeconds } from "../../../../src/core/model/duration.ts";
import { LiveLines } from "../../../../src/cli/views/live-lines.ts";
import { openProgress } from "../../../../src/cli/views/progress.ts";
import { TaskList } from "../../../../src/cli/views/tasks.ts";

const step = (action: Step["action"], name: string): Step => ({ action, name, role: "bng", reason: "new" });
const steps = [step("build", "mhlab/bng:1"), step("create", "alpha")];
const story: Progress[] = [
  { kind: "engine", text: "starting a lab host" },
  { kind: "plan", plan: { lab: "demo", steps, unchanged: ["beta"], overrides: [] } },
  { kind: "warning", warning: { code: "host-ra", message: "the host will hear alpha", mend: "sudo x" } },
  { kind: "step", step: step("build", "mhlab/bng:1"), phase: "begin" },
  { kind: "build", image: "mhlab/bng:1", line: "Step 1/2 : FROM debian" },
  { kind: "build", image: "mhlab/bng:1", line: "Step 2/2 : LABEL a=b" },
  { kind: "step", step: step("build", "mhlab/bng:1"), phase: "done" },
  { kind: "step", step: step("create", "alpha"), phase: "begin" },
  { kind: "step", step: step("create", "alpha"), phase: "done" },
  { kind: "awaiting", name: "alpha", detail: "waiting for a handshake" },
  { kind: "ready", name: "alpha" },
  { kind: "settled", name: "beta", warning: "no cable" },
];

test("elsewhere than on a terminal: a line per event, without control characters", () => {
  vi.useFakeTimers();
  let text = "";
  const screen = { write: (piece: string) => void (text += piece), columns: 80, rows: 24 };
  const view = openProgress({ screen, live: false, colour: false });
  for (const progress of story) view.show(progress);
  view.close();
  vi.useRealTimers();
  expect(text.split("\n").map((line) => line.replace(/^\[.*?\] /, ""))).toEqual([
    "starting a lab host",
    "demo: 2 steps to do",
    "warning: the host will hear alpha; this stops it: sudo x",
    "mhlab/bng:1: building (new)",
    "mhlab/bng:1: Step 1/2 : FROM debian",
    "mhlab/bng:1: built",
    "alpha: creating (new)",
    "alpha: ready",
    "beta: warning: no cable",
    "",
  ]);
});

test("on a terminal: one line per image and node, ending in what became of it", () => {
  let now = 0;
  const tasks = new TaskList(() => (now += 10));
  for (const progress of story) tasks.take(progress);
  expect(tasks.all.map(({ name, state, detail }) => `${name} ${state} ${detail}`)).toEqual([
    "sandbox done running",
    "mhlab/bng:1 done built",
    "alpha done ready",
    "beta warned no cable",
  ]);
});

test("a warning is no task: it is written whole, and stays above what is drawn again", () => {
  vi.useFakeTimers();
  let text = "";
  const screen = { write: (piece: string) => void (text += piece), columns: 30, rows: 24 };
  const view = openProgress({ screen, live: true, colour: false });
  view.show({ kind: "awaiting", name: "alpha", detail: "starting" });
  vi.advanceTimersByTime(150);
  const mend = `sudo sysctl -w ${"x".repeat(60)}`;
  view.show({ kind: "warning", warning: { code: "host-ra", message: "the host will hear alpha", mend } });
  view.close();
  vi.useRealTimers();
  const [drawn = "", after = ""] = text.split("\u001b[1A\r");
  expect(drawn).toContain("alpha");
  expect(after).toContain(`! warning: the host will hear alpha\n    ${mend}\n`);
  expect(after.slice(after.indexOf(mend))).toContain("alpha");
  expect(text).not.toContain("sandbox");
});

test("live lines are drawn over the last ones, cut to the terminal, and give the cursor back", () => {
  const pieces: string[] = [];
  const lines = new LiveLines({ write: (piece) => void pieces.push(piece), columns: 30, rows: 24 });
  lines.draw(["one", "x".repeat(100)]);
  lines.draw(["two"]);
  lines.close();
  expect(pieces).toEqual([
    `\u001b[?25l\u001b[Jone\n${"x".repeat(28)}…\n`,
    "\u001b[2A\r\u001b[Jtwo\n",
    "\u001b[?25h",
  ]);
});

test("times read well", () => {
  expect([0, 59.9, 60, 185, 3600, 14_399, 86_400, 100_000, 0xffff_ffff].map(formatSeconds)).toEqual([
    "0 s",
    "59 s",
    "1 min",
    "3 min 5 s",
    "1 h",
    "3 h 59 min",
    "1 d",
    "1 d 3 h",
    "for ever",
  ]);
  expect([400, 12_340, 125_000].map(formatElapsed)).toEqual(["0.4 s", "12.3 s", "2 min 5 s"]);
  expect([0.424, 12.14, 120.4].map(formatMs)).toEqual(["0.42 ms", "12.1 ms", "120 ms"]);
});

test.each([
  [0, "just now"],
  [59, "59 s ago"],
  [60, "1 min ago"],
  [3 * 60 + 59, "3 min ago"],
  [26 * 3600, "1 d ago"],
])("%i seconds ago is said as %s", (seconds, said) => {
  expect(formatAgo(seconds)).toBe(said);
});
