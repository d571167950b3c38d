import type { Progress, Warning } from "../../core/render/plan/progress.ts";
import { formatElapsed } from "../../core/model/duration.ts";
import { LiveLines, type Screen } from "./live-lines.ts";
import { plainLine, warningLines } from "./progress-plain.ts";
import { TaskList, type Task } from "./tasks.ts";
import { shownAll, theme, type Theme } from "./theme.ts";
import { padTo, widest } from "./width.ts";

/** Shows what happens while it happens. */
export interface ProgressView {
  show(progress: Progress): void;
  /** Draws the last state and leaves it on the screen. */
  close(): void;
}

export interface ProgressOptions {
  readonly screen: Screen;
  /** Lines drawn in place; otherwise one line per event. */
  readonly live: boolean;
  readonly colour: boolean;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

/** Live lines on a terminal, one line per event elsewhere. */
export function openProgress({ screen, live, colour }: ProgressOptions): ProgressView {
  const view = live ? liveProgress(screen, theme(colour)) : plainProgress(screen);
  return { show: (progress) => view.show(shownAll(progress, screen)), close: () => view.close() };
}

/** What a node waits for in its first moments is of no interest to a log. */
const QUIET_MS = 5000;

function plainProgress(screen: Screen): ProgressView {
  const start = performance.now();
  const since = new Map<string, number>();
  return {
    show(progress) {
      const now = performance.now();
      if (progress.kind === "awaiting") {
        const first = since.get(progress.name) ?? now;
        since.set(progress.name, first);
        if (now - first < QUIET_MS) return;
      }
      const line = plainLine(progress);
      if (line !== undefined) screen.write(`[${formatElapsed(now - start).padStart(7)}] ${line}\n`);
    },
    close() {},
  };
}

function liveProgress(screen: Screen, look: Theme): ProgressView {
  const tasks = new TaskList(() => performance.now());
  const lines = new LiveLines(screen);
  let frame = 0;
  const draw = (): void => {
    const width = widest(tasks.all.map(({ name }) => name));
    const shown = fitting(tasks.all, screen.rows - 1);
    const rest = tasks.all.length - shown.length;
    lines.draw([
      ...shown.map((task) => taskLine(task, width, FRAMES[frame % FRAMES.length] ?? "", look)),
      ...(rest > 0 ? [look.dim(`  … and ${rest} more`)] : []),
    ]);
  };
  const timer = setInterval(() => {
    frame += 1;
    if (tasks.all.length > 0) draw();
  }, FRAME_MS);
  timer.unref();
  return {
    show(progress) {
      if (progress.kind === "warning") lines.leave(warningText(progress.warning, look));
      tasks.take(progress);
    },
    close() {
      clearInterval(timer);
      if (tasks.all.length > 0) draw();
      lines.close();
    },
  };
}

/** What is most worth a line, the first first. */
const RANKS: readonly Task["state"][] = ["failed", "active", "warned", "pending", "done"];

/** As many tasks as have room, in their order: what fails and what is under way before what is done. */
function fitting(all: readonly Task[], rows: number): readonly Task[] {
  if (all.length <= rows) return all;
  const byWorth = [...all].sort((one, other) => RANKS.indexOf(one.state) - RANKS.indexOf(other.state));
  const chosen = new Set(byWorth.slice(0, Math.max(1, rows - 1)));
  return all.filter((task) => chosen.has(task));
}

/** Whole, whatever the width: who is to type a command must see all of it. */
function warningText(warning: Warning, look: Theme): string {
  const [first = "", ...mend] = warningLines(warning);
  return [`${look.warn("!")} ${first}`, ...mend.map((line) => `    ${look.accent(line)}`)].join("\n");
}

function taskLine(task: Task, width: number, spinner: string, look: Theme): string {
  const marks: Record<Task["state"], string> = {
    pending: look.dim("·"),
    active: look.accent(spinner),
    done: look.good("✓"),
    warned: look.warn("!"),
    failed: look.bad("✗"),
  };
  const since =
    task.startedAt === undefined ? undefined : (task.endedAt ?? performance.now()) - task.startedAt;
  const time = since === undefined ? "" : look.dim(formatElapsed(since).padStart(8));
  return `  ${marks[task.state]} ${padTo(task.name, width)} ${padTo(time, 8)}  ${look.dim(task.detail)}`;
}
