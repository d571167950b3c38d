/** Faults of a run end soon after it, also when it was killed or stopped: they last as long as it asks for them. */
import { pause } from "../../ports/time.ts";
import type { SeenNode } from "../../agents/node.ts";
import type { Injected } from "./stage.ts";

/** A fault of a run ends when nobody asked for it for so long. */
export const KEEPALIVE_S = 10;
/** Several questions may be lost before a fault ends. */
const EVERY_MS = 2500;
const ANSWER_MS = 2000;

/** Asks providers to keep the faults of a run alive that are in force, until it is aborted. Never rejects: who does not answer is asked again. */
export function keepAlive(
  nodes: readonly SeenNode[],
  injected: ReadonlyMap<string, Injected>,
): AbortController {
  const keeping = new AbortController();
  const { signal } = keeping;
  const over = new Set<string>();
  const askOne = async (node: SeenNode): Promise<void> => {
    const ids = [...injected.values()].flatMap(({ provider, id }) =>
      provider === node.name && id !== null && !over.has(id) ? [id] : [],
    );
    if (ids.length === 0) return;
    const options = { signal, deadlineMs: ANSWER_MS };
    const reply = await node.ask({ verb: "keepalive", ids }, options).catch(() => undefined);
    if (reply?.kind !== "answer") return;
    const { kept } = reply.value;
    for (const id of ids) if (!kept.includes(id)) over.add(id);
  };
  const askAll = async (): Promise<void> => {
    while (!signal.aborted) {
      await Promise.all(nodes.map(askOne));
      await pause(EVERY_MS, signal);
    }
  };
  void askAll().catch(() => undefined);
  return keeping;
}
