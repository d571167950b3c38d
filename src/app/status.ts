import type { ExpectedNodes } from "../core/render/nodes/node.ts";
import { nodeRole } from "../core/render/nodes/registry.ts";
import { assembleStatus, type Answer } from "../core/judge/health/assemble.ts";
import type { EngineStatus, LabStatus, NodeStatus } from "../core/model/status/model.ts";
import { ANSWER_TIMEOUT_MS } from "./agents/ask.ts";
import { askAll } from "./agents/ask-all.ts";
import { byEngine, type SeenNode } from "./agents/node.ts";
import { isSilence } from "./agents/reachable.ts";
import type { Reply } from "../core/model/protocol/answer.ts";

/** For an agent that another one has waited for already. */
const SECOND_TIMEOUT_MS = 1500;

export interface StatusQuestion {
  readonly lab: string;
  /** All of the lab. */
  readonly nodes: readonly SeenNode[];
  readonly expected?: ExpectedNodes | undefined;
  /** The engines that the lab names. */
  readonly engines?: readonly EngineStatus[];
  readonly signal?: AbortSignal | undefined;
  /** What a node told last where it is followed: it counts for one that the question of all did not reach. */
  readonly followed?: (name: string) => NodeStatus | undefined;
}

/**
 * Asks all agents of a lab: by one exec in one of them (per engine), and those that it could not reach by an exec of their own. An
 * agent that does not answer makes its node degraded, not the command fail.
 */
export async function labStatus(question: StatusQuestion): Promise<LabStatus> {
  const { lab, expected, engines } = question;
  return assembleStatus(lab, await askNodes(question), expected, engines);
}

/** What each node of a lab answers, of those that are part of its status. */
export async function askNodes({
  nodes,
  followed,
  signal = new AbortController().signal,
}: Omit<StatusQuestion, "lab" | "expected" | "engines">): Promise<Answer[]> {
  const asked = nodes.filter(isInStatus);
  const engines = byEngine(asked).length;
  const heard = await askAll(
    asked.filter(({ runs }) => runs),
    signal,
  );
  return await Promise.all(
    asked.map(async (node): Promise<Answer> => {
      const { name, container } = node;
      if (!node.runs) return { container };
      const reply = heard.get(name);
      if (reply !== undefined && reply !== "hanging") return { container, reply };
      const value = followed?.(name);
      if (value !== undefined) return { container, reply: { kind: "answer", value } };
      const deadlineMs = reply === "hanging" ? SECOND_TIMEOUT_MS : ANSWER_TIMEOUT_MS;
      return { container, reply: await askOne(node, { signal, deadlineMs, alone: engines === 1 }) };
    }),
  );
}

/** Asks a node by an exec of its own. Of a lab on several engines, one that just went away is no failure of the others. */
async function askOne(
  node: SeenNode,
  { alone, ...options }: { signal: AbortSignal; deadlineMs: number; alone: boolean },
): Promise<Reply<NodeStatus>> {
  try {
    return await node.ask({ verb: "status" }, options);
  } catch (error) {
    if (alone || !isSilence(error)) throw error;
    return { kind: "silent", reason: error.message };
  }
}

/** What the nodes of a lab told last, as their answers; undefined where one is not followed. */
export function answersTold(
  nodes: readonly SeenNode[],
  followed: (name: string) => NodeStatus | undefined,
): Answer[] | undefined {
  const answers = nodes.filter(isInStatus).map(({ name, runs, container }): Answer | undefined => {
    if (!runs) return { container };
    const value = followed(name);
    return value === undefined ? undefined : { container, reply: { kind: "answer", value } };
  });
  const told = answers.filter((answer) => answer !== undefined);
  return told.length === answers.length ? told : undefined;
}

function isInStatus({ role }: SeenNode): boolean {
  return nodeRole(role).inStatus !== undefined;
}
