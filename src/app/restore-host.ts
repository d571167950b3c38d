import { reasonOf } from "../core/model/errors.ts";
import { PlanLabel } from "../core/render/nodes/spec.ts";
import type { Report } from "../core/render/plan/progress.ts";
import { byEngine, type SeenNode } from "./agents/node.ts";

/** The agent's place in every image. */
export const AGENT_ARGV = ["node", "/usr/local/lib/mhlab/agent.js"] as const;

/**
 * After BNGs are gone: gives the host back what those could not give that were killed, by a helper of the same image. A
 * helper that fails is told, and nothing more: the containers are gone already.
 */
export async function restoreHost(
  removed: readonly SeenNode[],
  options: { readonly signal: AbortSignal; readonly report: Report },
): Promise<void> {
  for (const nodes of byEngine(removed)) await restoreOne(nodes, options);
}

/** Gives one engine's host back what it lacks. */
async function restoreOne(
  removed: readonly [SeenNode, ...SeenNode[]],
  { signal, report }: Parameters<typeof restoreHost>[1],
): Promise<void> {
  const held = removed.flatMap(({ container: { labels, image } }) => {
    const words = labels[PlanLabel.hostLink];
    return words === undefined ? [] : words.split(" ").map((word) => ({ word, image }));
  });
  const [first] = held;
  if (first === undefined) return;
  const argv = [...AGENT_ARGV, "restore", ...new Set(held.map(({ word }) => word))];
  const writer = await removed[0].engine.writer();
  const failed = await writer.runOnce({ image: first.image, argv }, signal).then(
    ({ exitCode, stdout, stderr }) => (exitCode === 0 ? undefined : `${stdout}${stderr}`.trim()),
    (error: unknown) => reasonOf(error),
  );
  if (failed === undefined) return;
  report({
    kind: "warning",
    warning: {
      code: "not-restored",
      message: `could not see that the host's interfaces are as they were (${failed}); mhlab doctor names what is left`,
    },
  });
}
