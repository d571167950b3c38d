import { NODES } from "../core/render/nodes/registry.ts";
import { ROLES } from "../core/model/role.ts";
import type { Step } from "../core/render/plan/plan.ts";
import type { RequestOf } from "../core/model/protocol/verbs.ts";
import type { ContainerSpec } from "../core/render/nodes/spec.ts";
import { OperationError } from "../core/model/errors.ts";
import { beginAhead } from "./ahead.ts";
import { evidenceOf } from "./agents/ask.ts";
import { nodesOf, removeVolumes, type Engines } from "./agents/engines.ts";
import type { Node } from "./agents/node.ts";
import { forEachBounded } from "./bounded.ts";
import type { Report } from "../core/render/plan/progress.ts";
import { pause } from "./ports/time.ts";
import type { PlannedLab } from "./plan-up.ts";
import type { Engine } from "./ports/engine.ts";
import type { ImageToBuild, ReadKey } from "./ports/engine-writer.ts";

/** How many steps are done at once; more only makes the engine queue. */
export const AT_ONCE = 8;

/** How many new ones are made at once, ahead of those who start them. */
const MADE_AT_ONCE = 4;

/** A node whose agent has just ended is started again by the engine, and can be told then. */
const RESTART_PATIENCE_MS = 15_000;
const RESTART_RETRY_MS = 300;

export interface ApplyOptions {
  readonly engines: Engines;
  readonly readKey: ReadKey;
  readonly signal: AbortSignal;
  readonly report: Report;
  /** Called when the images are there and no container was touched yet; none starts before it resolves, and what it throws ends the run. */
  readonly beforeContainers: () => Promise<void>;
  /** Called when a step has left a running container; the step ends when the promise resolves. */
  onRunning(name: string): Promise<void>;
  /** Whether nodes that stay lose their override. */
  readonly reset: boolean;
  /** Called with each node whose container did not exist before, just before it is made. */
  onCreate(name: string): void;
}

/** The same, while it is done. */
interface Applying extends ApplyOptions {
  /** Resolves when a new container has been made and the host is fit for it; rejects with why it has not or is not. */
  made(step: Step): Promise<void>;
  /** Whether the host is not fit, which is no failure of any step. */
  isRefused(): boolean;
}

/** Does the steps of a plan: images, removals, then everything else side by side. */
export async function applyPlan(planned: PlannedLab, asked: ApplyOptions): Promise<void> {
  const { steps } = planned.plan;
  const of = (...actions: Step["action"][]): Step[] => steps.filter(({ action }) => actions.includes(action));
  let refused = false;
  const isRefused = (): boolean => refused;
  const unmade: Applying = { ...asked, isRefused, made: () => Promise.resolve() };
  await forEachBounded(of("build"), AT_ONCE, (step) => act(step, planned, unmade));
  const checked = asked.beforeContainers();
  checked.catch(() => (refused = true));
  // New containers are made meanwhile; what is there already is not touched.
  if (steps.some(({ action }) => action !== "build" && action !== "create")) await checked;
  const inOrder = (...actions: Step["action"][]): Step[] =>
    of(...actions).sort((one, other) => ROLES.indexOf(one.role) - ROLES.indexOf(other.role));
  await forEachBounded(of("remove"), AT_ONCE, (step) => act(step, planned, unmade));
  // In this order: a CPE asks its providers again when they have changed.
  for (const role of ROLES) {
    const updates = of("update").filter((step) => step.role === role);
    await forEachBounded(updates, AT_ONCE, (step) => act(step, planned, unmade));
  }
  const made = beginAhead(inOrder("create"), MADE_AT_ONCE, (step) => make(step, planned, unmade));
  const options = {
    ...unmade,
    made: async (step: Step) => void (await Promise.all([made.of(step), checked])),
  };
  try {
    await forEachBounded(inOrder("start", "recreate", "create"), AT_ONCE, (step) =>
      act(step, planned, options),
    );
  } catch (error) {
    const tried = await made.stop();
    if (refused) await forEachBounded(tried, AT_ONCE, (step) => nodeOf(step, planned).remove());
    throw error;
  }
  await removeVolumes(planned.plan.lab, leftEngines(planned));
}

/** Engines on which the lab had nodes and is to have none. */
function leftEngines({ seen, plan, nodes }: PlannedLab): Engine[] {
  const kept = new Set([...nodes.values()].map(({ engine }) => engine));
  return nodesOf(seen, plan.lab)
    .map(({ engine }) => engine)
    .filter((engine) => !kept.has(engine));
}

/** Makes the container of a step, which starts later. */
async function make(step: Step, planned: PlannedLab, options: Applying): Promise<void> {
  const { readKey, signal } = options;
  begin(step, options);
  await tellFailure(step, options, () => {
    options.onCreate(step.name);
    return nodeOf(step, planned).create(specOf(step, planned), readKey, signal);
  });
}

async function act(step: Step, planned: PlannedLab, options: Applying): Promise<void> {
  if (step.action === "create") {
    await options.made(step);
    options.signal.throwIfAborted();
  } else begin(step, options);
  await tellFailure(step, options, () => perform(step, planned, options));
  options.report({ kind: "step", step, phase: "done" });
}

function begin(step: Step, { signal, report }: Applying): void {
  signal.throwIfAborted();
  report({ kind: "step", step, phase: "begin" });
}

async function tellFailure(step: Step, options: Applying, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!options.isRefused()) options.report({ kind: "step", step, phase: "failed" });
    throw error;
  }
}

async function perform(step: Step, planned: PlannedLab, options: Applying): Promise<void> {
  const { engines, signal, readKey, report } = options;
  if (step.action === "build") {
    const image = imageOf(step, planned);
    await engines.build(image, {
      signal,
      onLine: (line) => report({ kind: "build", image: image.reference, line }),
    });
    return;
  }
  if (step.action === "remove") {
    await presentNode(step, planned).remove();
    return;
  }
  const spec = specOf(step, planned);
  const node = nodeOf(step, planned);
  switch (step.action) {
    case "update": {
      if (spec.files.length > 0) await node.copy(spec.files, readKey);
      await tell(node, { verb: "resync" }, options);
      if (options.reset) await clearOverride(node, options);
      break;
    }
    case "recreate":
      await removeFormer(presentNode(step, planned), node, options);
      await node.create(spec, readKey, signal);
      await node.start(signal);
      break;
    case "create":
      await node.start(signal);
      break;
    case "start":
      await node.start(signal);
      if (options.reset) await clearOverride(node, options);
  }
  await options.onRunning(step.name);
}

async function clearOverride(node: Node, options: ApplyOptions): Promise<void> {
  if (NODES[node.role].keepsState) await tell(node, { verb: "override", clear: true }, options);
}

async function tell(
  node: Node,
  request: RequestOf<"resync"> | RequestOf<"override">,
  { signal }: ApplyOptions,
): Promise<void> {
  const deadline = performance.now() + RESTART_PATIENCE_MS;
  let reply = await node.ask(request, { signal });
  while (reply.kind === "silent" && performance.now() < deadline) {
    await pause(RESTART_RETRY_MS, signal);
    reply = await node.ask(request, { signal });
  }
  if (reply.kind === "answer") return;
  throw new OperationError("MHLAB_RESYNC", `${node.name} did not take its new configuration`, {
    evidence: evidenceOf(reply),
    hint: `see: mhlab logs ${node.name}`,
  });
}

/** The image that a step builds is called by its reference. */
function imageOf({ name }: Step, { images }: PlannedLab): ImageToBuild {
  const image = Object.values(images).find(({ reference }) => reference === name);
  if (image === undefined) throw new TypeError(`the plan builds ${name}, which is no image of mhlab`);
  return image;
}

function specOf(step: Step, { specs }: PlannedLab): ContainerSpec {
  const spec = specs.get(step.name);
  if (spec === undefined) throw new TypeError(`the plan names ${step.name}, which the lab does not have`);
  return spec;
}

function nodeOf(step: Step, { nodes }: PlannedLab): Node {
  const node = nodes.get(step.name);
  if (node === undefined) throw new TypeError(`the plan names ${step.name}, which the lab does not have`);
  return node;
}

/** Its volumes stay for its successor, unless that runs elsewhere. */
async function removeFormer(former: Node, next: Node, { reset }: ApplyOptions): Promise<void> {
  await former.remove({ keepVolumes: !reset && former.engine === next.engine });
}

/** The node of a step as it was found, which may be elsewhere than where it is to be. */
function presentNode(step: Step, planned: PlannedLab): Node {
  const found = nodesOf(planned.seen, planned.plan.lab).find(({ name }) => name === step.name);
  return found ?? nodeOf(step, planned);
}
