import { parseStatus, splitAllStatus, type Reply } from "../../core/model/protocol/answer.ts";
import type { NodeStatus } from "../../core/model/status/model.ts";
import { agentArgv } from "./ask.ts";
import { byEngine, type SeenNode } from "./node.ts";
import { newNonce, newVerifier } from "./provenance.ts";

/** An agent that says nothing for so long has a second one asked beside it. */
const SECOND_AFTER_MS = 500;
/** Agents give up on each other after 1.5 s; the rest is for starting the command. */
const LIMIT_MS = 3000;

/**
 * Asks for the status of nodes that run. The replies of those who spoke, each with the proof that it is from that node's
 * container: root in one node could answer in the name of others. `hanging` are those of whom another one says that they do
 * not answer. Who is missing was not reached.
 */
export async function askAll(
  running: readonly SeenNode[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Reply<NodeStatus> | "hanging">> {
  // Who is alone is asked as well by himself.
  const groups = byEngine(running).filter(({ length }) => length > 1);
  const replies = await Promise.all(groups.map(async (group) => await askNeighbours(group, signal)));
  return new Map(replies.flatMap((one) => [...one]));
}

/** Asks nodes of one engine by one exec, in the first of them; in the second as well when the first is silent. */
async function askNeighbours(
  running: readonly SeenNode[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Reply<NodeStatus> | "hanging">> {
  const hanging = new Map<string, "hanging">();
  const spoke = new Map<string, Reply<NodeStatus>>();
  const nonce = newNonce();
  const enough = new AbortController();
  const end = AbortSignal.any([signal, enough.signal]);
  const ended = new Promise<void>((resolve) => {
    end.addEventListener("abort", () => resolve(), { once: true });
  });
  const onLine = (text: string): void => {
    const { node, answer } = splitAllStatus(text) ?? {};
    const found = running.find(({ name }) => name === node);
    if (found === undefined) return;
    if (answer === undefined) return void hanging.set(found.name, "hanging");
    const plain = newVerifier(nonce).read(answer, found.container.id);
    if (plain !== undefined) spoke.set(found.name, parseStatus(plain));
    if (running.every(({ name }) => spoke.has(name))) enough.abort();
  };
  const askIn = async (node: SeenNode | undefined): Promise<void> => {
    if (node === undefined || end.aborted) return;
    const stream = { signal: end, onLine, onErrorLine: () => {} };
    await node.execLines(agentArgv({ verb: "allStatus", nonce }), stream).catch(() => undefined);
    // It has told all that it could.
    if (spoke.size > 0) enough.abort();
  };
  const [first, second] = running;
  const timers: NodeJS.Timeout[] = [setTimeout(() => enough.abort(), LIMIT_MS)];
  const silence = new Promise<void>((resolve) => timers.push(setTimeout(resolve, SECOND_AFTER_MS)));
  try {
    const asked = askIn(first);
    await Promise.race([asked, silence, ended]);
    const askedToo = spoke.size === 0 ? askIn(second) : undefined;
    await Promise.race([Promise.all([asked, askedToo]), ended]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    enough.abort();
  }
  signal.throwIfAborted();
  return new Map<string, Reply<NodeStatus> | "hanging">([...hanging, ...spoke]);
}
