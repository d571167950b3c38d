import { block, ok, warn, type Finding } from "../../core/model/host/finding.ts";
import type { HostFacts } from "../../core/model/host/facts.ts";
import type { Lab } from "../../core/model/lab/model.ts";
import { LIMITS } from "../../core/render/nodes/rights.ts";

/** Processes and threads of a provider: its BNG (27), its end in the internet (9), the engine's process beside it (12). */
const TASKS_OF_PROVIDER = 48;
/** Of a CPE or a host with the engine's process beside it. */
const TASKS_OF_OTHER = 28;
const KIB_OF_PROVIDER = 36 * 1024;
const KIB_OF_OTHER = 24 * 1024;
/** What the bundled internet needs for a tunnel where the kernel has no WireGuard. */
const TASKS_OF_TUNNEL = 10;
const MB_OF_TUNNEL = 8;
const MOST_TUNNELS = Math.floor(
  Math.min(LIMITS.internet.pids / TASKS_OF_TUNNEL, LIMITS.internet.memoryMb / MB_OF_TUNNEL),
);

/** How many nodes a lab starts; the internet is counted with its providers. */
export interface LabSize {
  readonly providers: number;
  readonly others: number;
  /** Of the whole lab, to the bundled internet. */
  readonly tunnels: number;
}

/** The size of a whole lab. */
export function sizeOf({ internet, providers, cpes, hosts }: Lab): LabSize {
  const behind = cpes.reduce((sum, cpe) => sum + cpe.hosts.length, 0);
  return {
    providers: providers.length,
    others: cpes.length + behind + hosts.length,
    tunnels: internet === "bundled" ? providers.length : 0,
  };
}

/** Whether the kernel lets so many nodes run beside what runs already and has the memory for them, and the internet the tunnels. */
export function roomFindings(
  { providers, others, tunnels }: LabSize,
  { room: { tasks, availableKib }, features }: Pick<HostFacts, "room" | "features">,
): Finding[] {
  const nodes = `${providers + others} nodes`;
  const needed = TASKS_OF_PROVIDER * providers + TASKS_OF_OTHER * others;
  const kib = KIB_OF_PROVIDER * providers + KIB_OF_OTHER * others;
  const findings: Finding[] = [];
  if (tasks !== undefined && tasks.used + needed > tasks.most) {
    const message = `${nodes} need about ${needed} processes and threads; the kernel allows ${tasks.most} in all, ${tasks.used} are used`;
    const enough = 2 * (tasks.used + needed);
    const mend = `sudo sysctl -w kernel.pid_max=${enough} kernel.threads-max=${enough}`;
    findings.push(block("tasks", message, mend));
  }
  if (availableKib !== undefined && kib > availableKib) {
    const message = `${nodes} need about ${mib(kib)} MiB of memory, ${mib(availableKib)} are available`;
    findings.push(warn("memory", message, "free memory, or take some nodes out of the lab"));
  }
  if (features.get("wireguard") === false && tunnels > MOST_TUNNELS) {
    const message = `the bundled internet has room for ${MOST_TUNNELS} tunnels where the kernel has no WireGuard, the lab has ${tunnels}`;
    findings.push(block("tunnels", message, "make two labs of it, or use a kernel with WireGuard"));
  }
  return findings.length > 0 ? findings : [ok("room", `there is room for ${nodes}`)];
}

function mib(kib: number): number {
  return Math.round(kib / 1024);
}
