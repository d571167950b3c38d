import { findFaults, clearFaults } from "../faults.ts";
import type { SeenNode } from "../agents/node.ts";
import { pause } from "../ports/time.ts";
import { within } from "./steps/limits.ts";
import type { Injected } from "./steps/stage.ts";

/** A BNG that restarts is given time to come back. */
const TRIES = 10;
const RETRY_MS = 1000;
const LIMIT_MS = 30_000;

/**
 * Ends every fault that a run injected and that is still in force. Never rejects: what could not be cleared is told; it ends by
 * itself all the same, because nobody keeps it alive (`keepalive.ts`).
 */
export async function healAfter(
  nodes: readonly SeenNode[],
  injected: readonly Injected[],
  tell: (sentence: string) => void,
): Promise<void> {
  if (injected.length === 0) return;
  const concerned = new Set(injected.map(({ provider }) => provider));
  const providers = nodes.filter(({ name }) => concerned.has(name));
  const limit = { what: "clearing the faults", ms: LIMIT_MS, signal: new AbortController().signal };
  let left: readonly string[] = [...concerned];
  await within(limit, async (signal) => {
    for (let tries = 0; tries < TRIES && left.length > 0; tries++) {
      if (tries > 0) await pause(RETRY_MS, signal);
      const asked = providers.filter(({ name }) => left.includes(name));
      const { faults, silent } = await findFaults(asked, signal);
      const own = faults.filter(({ node, fault }) =>
        injected.some(
          ({ provider, kind, id }) =>
            provider === node.name && (id === null ? kind === fault.kind : id === fault.id),
        ),
      );
      const failed: string[] = [];
      for (const one of own) {
        await clearFaults([one], signal).catch(() => failed.push(one.node.name));
      }
      left = [...new Set([...silent, ...failed])];
    }
  }).catch(() => undefined);
  if (left.length > 0)
    tell(
      `faults at ${left.join(", ")} could not be cleared, because it does not answer; they end by themselves within seconds, or by \`mhlab up --reset\``,
    );
}
