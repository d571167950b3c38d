import { OperationError } from "../core/model/errors.ts";
import type { Provider } from "../core/model/lab/model.ts";
import { SUBSCRIBER_INTERFACE } from "../core/model/links/bng.ts";
import { formatTarget, waitingName } from "../core/model/links/veth.ts";
import type { ContainerSpec } from "../core/render/nodes/spec.ts";
import type { NodeStatus } from "../core/model/status/model.ts";
import type { Node } from "./agents/node.ts";
import type { LabWatch } from "./agents/watch.ts";
import { AGENT_ARGV } from "./restore-host.ts";
import { timeLimit } from "./ports/time.ts";

const PATIENCE_MS = 15_000;
/** How long the keeper is given, which starts beside the BNG. */
const KEEPER_PATIENCE_MS = 5000;

interface DeliverOptions {
  readonly agents: LabWatch;
  /** The provider's BNG: the container that is meant runs where it does. */
  readonly node: Node;
  readonly signal: AbortSignal;
}

/**
 * Sees that the far end of a provider's veth is in the container that the lab file names, if that runs. The keeper brings it
 * there; where it cannot, as on an engine that keeps its data elsewhere, a helper that shares the target's network for a
 * moment does, or says why it does not go.
 */
export async function deliverVeth(
  provider: Provider,
  spec: ContainerSpec,
  { agents, node, signal }: DeliverOptions,
): Promise<void> {
  const { subscriber } = provider;
  if (subscriber.kind !== "veth" || subscriber.into?.kind !== "container") return;
  const { peer, into } = subscriber;
  if (!(await isWaiting(node, agents, signal))) return;
  const target = await node.engine.reader.containerState(into.name, signal);
  // The BNG says what it waits for.
  if (target?.status !== "running") return;
  if (await isBrought(node, agents, signal)) return;
  const argv = [...AGENT_ARGV, "deliver", waitingName(provider.name, peer, into), peer];
  const shot = { image: spec.image, argv, networkMode: `container:${into.name}` };
  const { exitCode, stdout, stderr } = await (await node.engine.writer()).runOnce(shot, signal);
  if (exitCode === 0) return;
  throw new OperationError("MHLAB_VETH_TARGET", `${peer} did not get into ${formatTarget(into)}`, {
    evidence: `${stdout}${stderr}`.trim().split("\n"),
    hint: `see whether ${into.name} already has an interface ${peer}`,
  });
}

function isMade(status: NodeStatus): boolean {
  return status.role === "bng" && status.subscriber.present;
}

function isDelivered(status: NodeStatus): boolean {
  return status.role === "bng" && !status.problems.some(({ code }) => code === "not-delivered");
}

/** Whether the keeper brings it in. */
async function isBrought(node: Node, agents: LabWatch, signal: AbortSignal): Promise<boolean> {
  const limit = timeLimit(KEEPER_PATIENCE_MS, signal);
  try {
    await agents.until(node, isDelivered, limit);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    return false;
  }
}

/** Whether the BNG's veth is made, and its far end still in the host's namespace. */
async function isWaiting(node: Node, agents: LabWatch, signal: AbortSignal): Promise<boolean> {
  const limit = timeLimit(PATIENCE_MS, signal);
  const made = await agents.until(node, isMade, limit).catch((error: unknown) => {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    throw new OperationError(
      "MHLAB_VETH_TARGET",
      `${node.name} did not make ${SUBSCRIBER_INTERFACE} in time`,
      {
        hint: `see: mhlab logs ${node.name}`,
      },
    );
  });
  return !isDelivered(made);
}
