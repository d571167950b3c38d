import type { ExpectedNodes } from "../core/render/nodes/node.ts";
import { NODES } from "../core/render/nodes/registry.ts";
import { UNKNOWN_STATE } from "../core/render/plan/container-state.ts";
import { nodesOf, refuseSilent, silentEngines, type Engines, type Seen } from "./agents/engines.ts";
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
  /** The engine of each node, where the lab file is known. */
  readonly engineOf?: ExpectedNodes["engineOf"];
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** An engine that does not answer, with the nodes that may run there, as far as they are known. */
export interface LeftEngine {
  readonly name: string;
  readonly host: string;
  readonly nodes: readonly string[];
}

export interface DownResult {
  readonly lab: string;
  readonly removed: readonly string[];
  /** Engines on which the rest of it is, because they do not answer. */
  readonly left: readonly LeftEngine[];
  /** Key files removed; undefined when keys are kept. */
  readonly keysRemoved: number | undefined;
}

const AT_ONCE = 16;

/** Removes every container of a lab; keys stay unless purged. Fine when nothing is there; then nothing is made, either. */
export async function down(lab: string, ports: DownPorts, options: DownOptions): Promise<DownResult> {
  const [seen, withKeys] = await Promise.all([ports.engines.look(options.signal), ports.keys.labs()]);
  if (nodesOf(seen, lab).length === 0 && !withKeys.includes(lab)) {
    if (options.purge) refuseSilent(seen, lab);
    return { lab, removed: [], left: leftIn(seen, lab, options), keysRemoved: options.purge ? 0 : undefined };
  }
  const release = await ports.lock.acquire(lab, "down");
  try {
    const now = await ports.engines.look(options.signal);
    if (options.purge) refuseSilent(now, lab);
    const left = leftIn(now, lab, options);
    const nodes = nodesOf(now, lab).filter(({ container }) => container.state !== UNKNOWN_STATE);
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
      await (await ports.engines.answering(options.signal)).removeVolumes(lab, nodes);
    }
    const keysRemoved = options.purge ? await ports.keys.purge(lab) : undefined;
    return { lab, removed: nodes.map(({ name }) => name), left, keysRemoved };
  } finally {
    await release();
  }
}

function leftIn(seen: Seen, lab: string, { engineOf = {} }: DownOptions): LeftEngine[] {
  return silentEngines(seen, lab).map(({ name, host }) => ({
    name,
    host,
    nodes: Object.entries(engineOf)
      .filter(([, engine]) => engine === name)
      .map(([node]) => node),
  }));
}
