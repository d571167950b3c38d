import { MEMBERS } from "../core/members/registry.ts";
import { membersOf, type Engines } from "./agents/engines.ts";
import { forEachBounded } from "./bounded.ts";
import type { Report } from "../core/plan/progress.ts";
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
  if (membersOf(seen, lab).length === 0 && !withKeys.includes(lab)) {
    return { lab, removed: [], keysRemoved: options.purge ? 0 : undefined };
  }
  const release = await ports.lock.acquire(lab, "down");
  try {
    const members = membersOf(await ports.engines.look(options.signal), lab);
    if (members.length > 0) {
      const last = members.filter(({ role }) => MEMBERS[role].leavesLast);
      const others = members.filter((member) => !last.includes(member));
      for (const group of [others, last]) {
        await forEachBounded(group, AT_ONCE, async (member) => {
          const { name, role } = member;
          options.signal.throwIfAborted();
          const step = { action: "remove", name, role, reason: "down" } as const;
          options.report({ kind: "step", step, phase: "begin" });
          // Volumes go together below: asking for those of each container costs the engine as much as removing it.
          await member.remove({ keepVolumes: true });
          options.report({ kind: "step", step, phase: "done" });
        });
      }
      await restoreHost(members, options);
      // Also of members whose containers somebody else removed.
      await ports.engines.removeVolumes(lab);
    }
    const keysRemoved = options.purge ? await ports.keys.purge(lab) : undefined;
    return { lab, removed: members.map(({ name }) => name), keysRemoved };
  } finally {
    await release();
  }
}
