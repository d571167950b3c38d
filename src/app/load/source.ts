import { parseIp6 } from "../../core/model/ip6.ts";
import { sourceOf } from "../../core/judge/experiment/preferred-source.ts";
import type { SeenNode } from "../agents/node.ts";

const ANSWER_MS = 5000;

/** An address as it is; of a provider the one that something new may use at a node. Null when there is none. */
export async function sourceAddress(
  node: SeenNode,
  source: string,
  signal: AbortSignal,
): Promise<string | null> {
  if (parseIp6(source) !== undefined) return source;
  const reply = await node.ask({ verb: "status" }, { signal, deadlineMs: ANSWER_MS });
  return reply.kind === "answer" ? sourceOf(reply.value, source) : null;
}

/** The CPE at a provider's access link, and its interface there; undefined where there is none. */
export async function customersEnd(
  nodes: readonly SeenNode[],
  provider: string,
  signal: AbortSignal,
): Promise<{ readonly node: SeenNode; readonly interface: string } | undefined> {
  for (const node of nodes.filter(({ role }) => role === "cpe")) {
    const reply = await node.ask({ verb: "status" }, { signal, deadlineMs: ANSWER_MS });
    const status = reply.kind === "answer" && reply.value.role === "cpe" ? reply.value : undefined;
    const wan = status?.wans.find((one) => one.provider === provider && one.present);
    if (wan !== undefined) return { node, interface: wan.interface };
  }
  return undefined;
}
