import { setMaxListeners } from "node:events";
import { Cancelled, OperationError } from "../core/model/errors.ts";
import { canStart, isIdle } from "../core/render/plan/container-state.ts";
import type { NodeAction } from "../core/render/plan/plan.ts";
import type { Report } from "../core/render/plan/progress.ts";
import { PlanLabel } from "../core/render/nodes/spec.ts";
import { nodesOf, type Engines } from "./agents/engines.ts";
import type { SeenNode } from "./agents/node.ts";
import { LabWatch } from "./agents/watch.ts";
import { forEachBounded } from "./bounded.ts";
import { notReady } from "./not-ready.ts";
import type { LabLock } from "./ports/lab-lock.ts";
import { awaitReady, type Awaited } from "./ready.ts";
import { timeLimit } from "./ports/time.ts";

export interface ControlPorts {
  readonly engines: Engines;
  readonly lock: LabLock;
}

export interface ControlOptions {
  readonly action: NodeAction;
  /** How long nodes that start are waited for. */
  readonly timeoutMs: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** What came of a node. */
export interface Controlled {
  readonly name: string;
  /** False when it was so already. */
  readonly changed: boolean;
  /** What the outside world still owes it. */
  readonly warning?: string;
}

const AT_ONCE = 16;

/** Stops, starts, restarts or kills nodes of a lab; those that start are ready when it resolves. Throws OperationError when they are not in time. */
export async function control(
  nodes: readonly SeenNode[],
  ports: ControlPorts,
  options: ControlOptions,
): Promise<Controlled[]> {
  const { action, signal, report } = options;
  const lab = nodes[0]?.lab ?? "";
  const release = await ports.lock.acquire(lab, action);
  try {
    const all = nodesOf(await ports.engines.look(signal), lab);
    const stateOf = ({ name }: SeenNode): string =>
      all.find((one) => one.name === name)?.container.state ?? "exited";
    const idle = new Set(nodes.filter((node) => isIdle(action, stateOf(node))));
    const rest = nodes.filter((node) => !idle.has(node));
    if (starts(action)) refuseGone(rest.filter((one) => !canStart(stateOf(one))).map(({ name }) => name));
    await forEachBounded(rest, AT_ONCE, async (node) => {
      const { name } = node;
      signal.throwIfAborted();
      const step = { action, name, reason: "by hand" } as const;
      report({ kind: "step", step, phase: "begin" });
      await act(action, node);
      report({ kind: "step", step, phase: "done" });
    });
    const warnings = starts(action)
      ? await arrive(nodes, { ...options, realFarSides: realFarSidesOf(all) })
      : new Map<string, string>();
    return nodes.map((node) => {
      const warning = warnings.get(node.name);
      const changed = !idle.has(node);
      return { name: node.name, changed, ...(warning === undefined ? {} : { warning }) };
    });
  } finally {
    await release();
  }
}

function starts(action: NodeAction): boolean {
  return action === "start" || action === "restart";
}

/** Throws OperationError for containers that the engine was to remove. */
function refuseGone(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new OperationError("MHLAB_CONTAINER_ENDED", `the engine cannot start ${names.join(", ")} again`, {
    hint: "recreate with: mhlab up",
    state: "Nothing was changed.",
  });
}

async function act(action: NodeAction, node: SeenNode): Promise<void> {
  if (action === "kill") return await node.kill();
  if (action !== "start") await node.stop();
  if (action !== "stop") await node.start();
}

/** Waits until nodes are ready, or owe it to the outside world; resolves to what that owes, by node. */
async function arrive(
  nodes: readonly SeenNode[],
  { timeoutMs, report, signal, realFarSides }: ControlOptions & Pick<Awaited, "realFarSides">,
): Promise<Map<string, string>> {
  const limit = timeLimit(timeoutMs, signal);
  // One listener per node and question.
  setMaxListeners(0, limit);
  const agents = new LabWatch(limit);
  const waiting = new Map(nodes.map(({ name }) => [name, "starting"]));
  const warnings = new Map<string, string>();
  try {
    await Promise.all(
      nodes.map(async (node) => {
        const { name } = node;
        const onWaiting = (detail: string): void => void waiting.set(name, detail);
        const awaited = awaitedOf(node, realFarSides);
        const { warning } = await awaitReady(awaited, {
          agents,
          strict: false,
          signal: limit,
          report,
          onWaiting,
        });
        if (warning !== undefined) warnings.set(name, warning);
        waiting.delete(name);
      }),
    );
    return warnings;
  } catch (error) {
    if (signal.aborted) throw new Cancelled({ state: "Nodes that were started run on.", cause: error });
    if (!limit.aborted) throw error;
    const nodeOf = (name: string): SeenNode | undefined => nodes.find((one) => one.name === name);
    throw await notReady(waiting, { timeoutMs, nodeOf });
  } finally {
    agents.close();
  }
}

/** The providers whose far side is someone else's: all of a lab without a bundled internet. */
function realFarSidesOf(nodes: readonly SeenNode[]): ReadonlySet<string> {
  const bundled = nodes.some(({ role }) => role === "internet");
  return new Set(bundled ? [] : nodes.filter(({ role }) => role === "bng").map(({ name }) => name));
}

function awaitedOf(node: SeenNode, realFarSides: Awaited["realFarSides"]): Awaited {
  const { role, container } = node;
  const { [PlanLabel.cpe]: cpe, [PlanLabel.machine]: machine } = container.labels;
  const realSubscriber = (role === "bng" && cpe === undefined) || machine !== undefined;
  return { node, realFarSides, realSubscriber };
}
