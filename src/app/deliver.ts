import { OperationError } from "../core/errors.ts";
import type { Provider } from "../core/lab/model.ts";
import { SUBSCRIBER_INTERFACE } from "../core/links/bng.ts";
import { formatTarget, waitingName } from "../core/links/veth.ts";
import type { ContainerSpec } from "../core/plan/spec.ts";
import type { MemberStatus } from "../core/status/model.ts";
import type { Member } from "./agents/member.ts";
import type { LabWatch } from "./agents/watch.ts";
import { AGENT_ARGV } from "./restore-host.ts";
import { timeLimit } from "./ports/time.ts";

const PATIENCE_MS = 15_000;
/** How long the keeper is given, which starts beside the BNG. */
const KEEPER_PATIENCE_MS = 5000;

interface DeliverOptions {
  readonly agents: LabWatch;
  /** The provider's BNG: the container that is meant runs where it does. */
  readonly member: Member;
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
  { agents, member, signal }: DeliverOptions,
): Promise<void> {
  const { subscriber } = provider;
  if (subscriber.kind !== "veth" || subscriber.into?.kind !== "container") return;
  const { peer, into } = subscriber;
  if (!(await isWaiting(member, agents, signal))) return;
  const target = await member.engine.reader.containerState(into.name, signal);
  // The BNG says what it waits for.
  if (target?.status !== "running") return;
  if (await isBrought(member, agents, signal)) return;
  const argv = [...AGENT_ARGV, "deliver", waitingName(provider.name, peer, into), peer];
  const shot = { image: spec.image, argv, networkMode: `container:${into.name}` };
  const { exitCode, stdout, stderr } = await (await member.engine.writer()).runOnce(shot, signal);
  if (exitCode === 0) return;
  throw new OperationError("MHLAB_VETH_TARGET", `${peer} did not get into ${formatTarget(into)}`, {
    evidence: `${stdout}${stderr}`.trim().split("\n"),
    hint: `see whether ${into.name} already has an interface ${peer}`,
  });
}

function isMade(status: MemberStatus): boolean {
  return status.role === "bng" && status.subscriber.present;
}

function isDelivered(status: MemberStatus): boolean {
  return status.role === "bng" && !status.problems.some(({ code }) => code === "not-delivered");
}

/** Whether the keeper brings it in. */
async function isBrought(member: Member, agents: LabWatch, signal: AbortSignal): Promise<boolean> {
  const limit = timeLimit(KEEPER_PATIENCE_MS, signal);
  try {
    await agents.until(member, isDelivered, limit);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    return false;
  }
}

/** Whether the BNG's veth is made, and its far end still in the host's namespace. */
async function isWaiting(member: Member, agents: LabWatch, signal: AbortSignal): Promise<boolean> {
  const limit = timeLimit(PATIENCE_MS, signal);
  const made = await agents.until(member, isMade, limit).catch((error: unknown) => {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    throw new OperationError(
      "MHLAB_VETH_TARGET",
      `${member.name} did not make ${SUBSCRIBER_INTERFACE} in time`,
      {
        hint: `see: mhlab logs ${member.name}`,
      },
    );
  });
  return !isDelivered(made);
}
