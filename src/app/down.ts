import { NODES } from "../core/render/nodes/registry.ts";
import { nodesOf, type Engines } from "./agents/engines.ts";
import { forEachBounded } from "./bounded.ts";
import type { Report } from "../core/render/plan/progress.ts";
import { restoreHost } from "./restore-host.ts";
import type { KeyStore } from "./ports/key-store.ts";
import type { LabLock } from "./ports/lab-lock.ts";

export interface DownPorts {
  readonly engines: Engines;
  readonly keys: KeyStore;
  readonly lock: LabLock;
}

export interface DownOptions {
  readonly purge: boolean;
  readonly signal: AbortSignal;
  readonly report: Report;
}

export interface DownResult {
  readonly lab: string;
  readonly removed: readonly string[];
  /** Key files removed; undefined when keys are kept. */
  readonly keysRemoved: number | undefined;
}

const AT_ONCE = 16;

/** Removes every container of a lab; keys stay unless purged. Fine when nothing is there; then nothing is made, either. */
export async function down(lab: string, ports: DownPorts, options: DownOptions): Promise<DownResult> {
  const [seen, withKeys] = await Promise.all([ports.engines.look(options.signal), ports.keys.labs()]);
  if (nodesOf(seen, lab).length === 0 && !withKeys.includes(lab)) {
    return { lab, removed: [], keysRemoved: options.purge ? 0 : undefined };
  }
  const release = await ports.lock.acquire(lab, "down");
  try {
    const nodes = nodesOf(await ports.engines.look(options.signal), lab);
    if (nodes.length > 0) {
      const last = nodes.filter(({ role }) => NODES[role].leavesLast);
      const others = nodes.filter((node) => !last.includes(node));
      for (const group of [others, last]) {
        await forEachBounded(group, AT_ONCE, async (node) => {
          const { name, role } = node;
          options.signal.throwIfAborted();
          const step = { action: "remove", name, role, reason: "down" } as const;
          options.report({ kind: "step", step, phase: "begin" });
          // Volumes go together below: asking for those of each container costs the engine as much as removing it.
          await node.remove({ keepVolumes: true });
          options.report({ kind: "step", step, phase: "done" });
        });
      }
      await restoreHost(nodes, options);
      // Also of nodes whose containers somebody else removed.
      await ports.engines.removeVolumes(lab, nodes);
    }
    const keysRemoved = options.purge ? await ports.keys.purge(lab) : undefined;
    return { lab, removed: nodes.map(({ name }) => name), keysRemoved };
  } finally {
    await release();
  }
}
