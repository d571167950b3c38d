/** What the host has left for nodes of a lab; what cannot be told is undefined. */
export interface HostRoom {
  /** Processes and threads of the whole machine. */
  readonly tasks: { readonly used: number; readonly most: number } | undefined;
  readonly availableKib: number | undefined;
  /** Load average of the last minute. */
  readonly load: number | undefined;
}

/** Files whose text tells it: the lower of two limits, how many there are, and the memory. */
export const ROOM_FILES = [
  "/proc/sys/kernel/pid_max",
  "/proc/sys/kernel/threads-max",
  "/proc/loadavg",
  "/proc/meminfo",
] as const;

/** Reads these files' text, one after the other. */
export function parseRoom(text: string): HostRoom {
  const limits = /^(\d+)\s+(\d+)\s/.exec(text);
  const used = /^[\d.]+ [\d.]+ [\d.]+ \d+\/(\d+) /m.exec(text);
  const load = /^([\d.]+) [\d.]+ [\d.]+ \d+\//m.exec(text);
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(text);
  return {
    tasks:
      limits === null || used === null
        ? undefined
        : { used: Number(used[1]), most: Math.min(Number(limits[1]), Number(limits[2])) },
    availableKib: available === null ? undefined : Number(available[1]),
    load: load === null ? undefined : Number(load[1]),
  };
}
