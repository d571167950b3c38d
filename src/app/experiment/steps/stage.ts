import { OperationError } from "../../../core/model/errors.ts";
import type { LoadClock } from "../../../core/judge/load/kind.ts";
import type { LoadSample } from "../../../core/judge/experiment/record.ts";
import type { Recorded } from "../../../core/judge/scenario/conditions/kind.ts";
import type { Step, StepOf } from "../../../core/judge/scenario/steps/registry.ts";
import type { Engines } from "../../agents/engines.ts";
import type { SeenNode } from "../../agents/node.ts";
import type { LabLock } from "../../ports/lab-lock.ts";
import type { RunFolder } from "../../ports/run-folder.ts";
import { Unsupported, type Done } from "./timeline.ts";

/** A fault that a step injected. */
export interface Injected {
  readonly provider: string;
  readonly kind: string;
  /** Null while it is asked for, or when nobody heard the answer. */
  readonly id: string | null;
}

/** What steps work with. */
export interface Stage {
  readonly engines: Engines;
  readonly lock: LabLock;
  readonly nodes: readonly SeenNode[];
  readonly folder: RunFolder;
  /** Seconds since t=0. */
  nowS(): number;
  /** Faults by the step that injected each. */
  readonly injected: Map<string, Injected>;
  /** What was seen so far, of probes the last of each. */
  soFar(): Recorded;
  /** Resolves when something else is known, or after so long. */
  changed(atMostMs: number, signal: AbortSignal): Promise<void>;
  /** Takes what the tool of a load measured. */
  onLoad(samples: readonly LoadSample[]): void;
  /** A port of the bundled internet for the server of a load. */
  nextPort(): number;
  readonly clock: LoadClock;
  /** The files beside the scenario that its steps copy into nodes, by name. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
}

/** What one kind of step does. */
export type Runner<K extends Step["do"]> = (
  step: StepOf<K>,
  stage: Stage,
  signal: AbortSignal,
) => Promise<Done>;

/** The node of that name. Throws Unsupported when the lab has none. */
export function nodeIn({ nodes }: Stage, name: string): SeenNode {
  const found = nodes.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new Unsupported(`there is no ${name} in this lab: it has ${nodes.map((one) => one.name).join(", ")}`);
}

/** A command of ours that failed in a node, with the last of what it said. */
export function refused(what: string, exitCode: number, said: string): OperationError {
  const evidence = said.trim() === "" ? [] : said.trim().split("\n").slice(-5);
  return new OperationError("MHLAB_RUN_FAILED", `${what} (exit code ${exitCode})`, { evidence });
}
