import { block, ok, warn, type Finding } from "../host/finding.ts";
import type { HostRoom } from "../host/room.ts";
import type { Lab } from "../lab/model.ts";

/** Processes and threads of a provider: its BNG (27), its end in the internet (9), the engine's process beside it (12). */
const TASKS_OF_PROVIDER = 48;
/** Of a CPE or a host with the engine's process beside it. */
const TASKS_OF_OTHER = 28;
const KIB_OF_PROVIDER = 36 * 1024;
const KIB_OF_OTHER = 24 * 1024;

/** How many members a lab starts; the internet is counted with its providers. */
export interface LabSize {
  readonly providers: number;
  readonly others: number;
}

/** The size of a whole lab. */
export function sizeOf({ providers, cpes, hosts }: Lab): LabSize {
  const behind = cpes.reduce((sum, cpe) => sum + cpe.hosts.length, 0);
  return { providers: providers.length, others: cpes.length + behind + hosts.length };
}

/** Whether the kernel lets so many members run beside what runs already, and has the memory for them. */
export function roomFindings({ providers, others }: LabSize, { tasks, availableKib }: HostRoom): Finding[] {
  const members = `${providers + others} members`;
  const needed = TASKS_OF_PROVIDER * providers + TASKS_OF_OTHER * others;
  const kib = KIB_OF_PROVIDER * providers + KIB_OF_OTHER * others;
  const findings: Finding[] = [];
  if (tasks !== undefined && tasks.used + needed > tasks.most) {
    const message = `${members} need about ${needed} processes and threads; the kernel allows ${tasks.most} in all, ${tasks.used} are used`;
    const enough = 2 * (tasks.used + needed);
    const mend = `sudo sysctl -w kernel.pid_max=${enough} kernel.threads-max=${enough}`;
    findings.push(block("tasks", message, mend));
  }
  if (availableKib !== undefined && kib > availableKib) {
    const message = `${members} need about ${mib(kib)} MiB of memory, ${mib(availableKib)} are available`;
    findings.push(warn("memory", message, "free memory, or take some members out of the lab"));
  }
  return findings.length > 0 ? findings : [ok("room", `there is room for ${members}`)];
}

function mib(kib: number): number {
  return Math.round(kib / 1024);
}
