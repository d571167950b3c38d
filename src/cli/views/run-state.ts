import { counted } from "../../core/model/words.ts";
import { latestOf } from "../../core/judge/load/summary.ts";
import type { RunProgress } from "../../core/judge/scenario/progress.ts";
import { stepText } from "../../core/judge/scenario/steps/registry.ts";
import type { Scenario } from "../../core/judge/scenario/record.ts";
import type { StepResult } from "../../core/judge/experiment/record.ts";

/** A source address to a target, as it was last. */
export interface SourceState {
  readonly node: string;
  readonly source: string;
  readonly target: string;
  readonly up: boolean;
  readonly rttMs: number | null;
  /** Since when it is so, in seconds since t=0. */
  readonly sinceS: number;
  /** When something was last told of it. */
  readonly lastS: number;
}

/** Something worth a line that stays. */
export interface Moment {
  readonly atS: number | null;
  readonly level: "info" | "good" | "warn" | "bad";
  readonly text: string;
}

/** What is known of a run while it goes on. */
export class RunState {
  scenario: Scenario | undefined;
  endsS = 0;
  readonly running = new Map<string, StepResult>();
  readonly sources = new Map<string, SourceState>();
  readonly #done = new Set<string>();

  /** Takes progress in; what of it is worth a line. */
  take(progress: RunProgress): Moment[] {
    switch (progress.kind) {
      case "lab":
        return [];
      case "phase":
        return [{ atS: null, level: "info", text: progress.text }];
      case "said":
        return [{ atS: progress.atS, level: "warn", text: progress.text }];
      case "began": {
        this.scenario = progress.scenario;
        this.endsS = progress.endsS;
        const { name, steps } = progress.scenario;
        return [
          {
            atS: 0,
            level: "info",
            text: `${name} begins: ${counted(steps.length, "step")}, about ${Math.ceil(progress.endsS)} s`,
          },
        ];
      }
      case "over":
        return [
          {
            atS: progress.atS,
            level: progress.partial ? "warn" : "info",
            text: progress.partial ? "ended early" : "over",
          },
        ];
      case "step":
        return this.#step(progress);
      case "load":
        for (const [id, detail] of latestOf(progress.samples)) {
          const step = this.running.get(id);
          if (step !== undefined) this.running.set(id, { ...step, detail });
        }
        return [];
      case "echo":
        return this.#echo(progress);
    }
  }

  /** Steps to come, the next first, in words. */
  next(count: number): { readonly atS: number | null; readonly text: string }[] {
    const steps = this.scenario?.steps ?? [];
    return steps
      .filter(({ id }) => !this.#done.has(id) && !this.running.has(id))
      .slice(0, count)
      .map((step) => ({ atS: step.atS, text: stepText(step) }));
  }

  #step({ phase, step }: Extract<RunProgress, { kind: "step" }>): Moment[] {
    if (phase === "begin") {
      this.running.set(step.id, step);
      return [{ atS: step.startedS, level: "info", text: step.text }];
    }
    this.running.delete(step.id);
    this.#done.add(step.id);
    const said = step.detail === null ? "" : `: ${step.detail}`;
    // That a thing which was begun is done is worth a line when it took a while, or says something.
    const quick = (step.endedS ?? step.startedS) - step.startedS < 1 && said === "";
    if (step.outcome === "done" && quick) return [];
    const level = step.outcome === "done" ? "good" : "bad";
    return [{ atS: step.endedS, level, text: `${step.text}: ${step.outcome}${said}` }];
  }

  #echo(echo: Extract<RunProgress, { kind: "echo" }>): Moment[] {
    const { node, source, target, up, rttMs, sentS, atS } = echo;
    const key = `${node} ${source} ${target}`;
    const before = this.sources.get(key);
    const changed = before?.up !== up;
    const sinceS = changed ? sentS : before.sinceS;
    this.sources.set(key, {
      node,
      source,
      target,
      up,
      rttMs: rttMs ?? before?.rttMs ?? null,
      sinceS,
      lastS: atS,
    });
    if (!changed || (before === undefined && up)) return [];
    const word = up ? "answers again" : "does not answer";
    const text = `${node} from ${source}: ${target} ${word} since ${sentS.toFixed(1)} s`;
    return [{ atS, level: up ? "good" : "bad", text }];
  }
}
