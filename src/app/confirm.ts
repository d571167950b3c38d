import { askedAmong, judgeNode } from "../core/render/nodes/judge.ts";
import { nodeRole } from "../core/render/nodes/registry.ts";
import { expectedOf } from "../core/render/plan/expected.ts";
import type { Lab } from "../core/model/lab/model.ts";
import { assembleStatus, type Answer } from "../core/judge/health/assemble.ts";
import type { LabStatus, NodeStatus } from "../core/model/status/model.ts";
import { enginesOf, nodesOf, type Engines } from "./agents/engines.ts";
import { pause } from "./ports/time.ts";
import type { Awaited } from "./ready.ts";
import { answersTold, askNodes } from "./status.ts";

/** How long nodes that were ready and are not any more are given, and how much longer for each: many that just started keep a machine busy. */
const PATIENCE_MS = 10_000;
const PATIENCE_PER_NODE_MS = 500;
/** The first pause between two looks. The next ones grow: each look costs a slow machine time that its nodes need. */
const LOOK_MS = 500;
const LONGEST_LOOK_MS = 5000;

/** A node that does not do what it should, and why, in words. */
export interface Unwell {
  readonly name: string;
  readonly detail: string;
}

/** A lab as it is when `up` returns. */
export interface Confirmed {
  readonly status: LabStatus;
  /** Nodes that were ready and are not any more; what the outside world owes is not among their reasons. */
  readonly unwell: readonly Unwell[];
}

interface ConfirmOptions {
  readonly engines: Engines;
  /** What a node told last, if it is followed and alive. */
  readonly followed: (name: string) => NodeStatus | undefined;
  /** Whether all of the lab is new. What was there before may not have told yet what it is no more, so it is asked. */
  readonly isNew: boolean;
  readonly awaited: readonly Awaited[];
  /** Whether nodes that are not there are told of. */
  readonly whole: boolean;
  readonly strict: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Looks at the whole lab once all nodes were ready, until all are so at the same time, or for a while. */
export async function confirm(lab: Lab, options: ConfirmOptions): Promise<Confirmed> {
  const { engines, followed, isNew, whole, signal, timeoutMs } = options;
  const patience = PATIENCE_MS + PATIENCE_PER_NODE_MS * options.awaited.length;
  const deadline = performance.now() + Math.min(patience, timeoutMs);
  let believed = isNew;
  for (let wait = LOOK_MS; ; wait = Math.min(2 * wait, LONGEST_LOOK_MS)) {
    const seen = await engines.look(signal);
    const nodes = nodesOf(seen, lab.name);
    const told = believed ? answersTold(nodes, followed) : undefined;
    const answers = told ?? (await askNodes({ nodes, followed, signal }));
    const unwell = options.awaited.flatMap((one) => troubleOf(one, answers, options.strict));
    if (unwell.length === 0 || performance.now() > deadline) {
      const status = assembleStatus(
        lab.name,
        answers,
        whole ? expectedOf(lab) : undefined,
        enginesOf(seen, lab.name),
      );
      return { status, unwell };
    }
    believed = false;
    await pause(wait, signal);
  }
}

function troubleOf(awaited: Awaited, answers: readonly Answer[], strict: boolean): Unwell[] {
  const { name, role } = awaited.node;
  if (nodeRole(role).inStatus === undefined) return [];
  const reply = answers.find(({ container }) => container.name === name)?.reply;
  if (reply?.kind !== "answer" || reply.value.role !== role)
    return [{ name, detail: "its agent does not answer" }];
  const patience = { ...awaited, strict, answeredForMs: Number.POSITIVE_INFINITY };
  const asked = () =>
    askedAmong(answers.flatMap((one) => (one.reply?.kind === "answer" ? [one.reply.value] : [])));
  const verdict = judgeNode(reply.value, patience, asked);
  return verdict.kind === "waiting" ? [{ name, detail: verdict.detail }] : [];
}
