import type { Deed } from "../../core/render/plan/plan.ts";
import type { Progress } from "../../core/render/plan/progress.ts";
import { DOING, DONE } from "./deed-words.ts";

/** One line of the live view. */
export interface Task {
  readonly name: string;
  state: "pending" | "active" | "done" | "warned" | "failed";
  detail: string;
  startedAt: number | undefined;
  endedAt: number | undefined;
}

/** The line of what happens before there is a plan. */
const SANDBOX = "sandbox";

/** Turns progress into lines: one per image to build, per container removed, per node that starts. */
export class TaskList {
  readonly all: Task[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Takes one piece of progress in. */
  take(progress: Progress): void {
    switch (progress.kind) {
      case "plan":
        if (this.all.some(({ name }) => name === SANDBOX)) this.end(SANDBOX, "done", "running");
        for (const { name, reason } of progress.plan.steps) this.task(name).detail = reason;
        for (const name of progress.plan.unchanged) this.task(name).detail = "unchanged";
        return;
      case "step":
        this.step(progress.step, progress.phase);
        return;
      case "build":
        this.task(progress.image).detail = progress.line;
        return;
      case "awaiting":
        this.begin(progress.name, progress.detail);
        return;
      case "ready":
        this.end(progress.name, "done", "ready");
        return;
      case "settled":
        this.end(progress.name, "warned", progress.warning);
        return;
      case "undo":
        for (const name of progress.names) this.begin(name, "interrupted, removing it again");
        return;
      case "engine":
        this.begin(SANDBOX, progress.text);
        return;
      case "warning":
        // Of no task.
        return;
    }
  }

  private step(step: Deed, phase: "begin" | "done" | "failed"): void {
    if (phase === "begin") this.begin(step.name, `${DOING[step.action]}: ${step.reason}`);
    else if (phase === "failed") this.end(step.name, "failed", this.task(step.name).detail);
    else if (DONE[step.action] !== undefined) this.end(step.name, "done", DONE[step.action] ?? "");
  }

  private begin(name: string, detail: string): void {
    const task = this.task(name);
    task.startedAt ??= this.now();
    task.endedAt = undefined;
    task.state = "active";
    task.detail = detail;
  }

  private end(name: string, state: "done" | "warned" | "failed", detail: string): void {
    const task = this.task(name);
    task.startedAt ??= this.now();
    task.endedAt = this.now();
    task.state = state;
    task.detail = detail;
  }

  private task(name: string): Task {
    const found = this.all.find((task) => task.name === name);
    if (found !== undefined) return found;
    const task: Task = { name, state: "pending", detail: "", startedAt: undefined, endedAt: undefined };
    this.all.push(task);
    return task;
  }
}
