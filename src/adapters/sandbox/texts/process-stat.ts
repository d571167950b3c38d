/** What identifies a process for as long as the machine runs, and what it is doing. */
export interface ProcessStat {
  pid: number;
  command: string;
  /** One letter as in proc(5); `Z` and `X` are dead. */
  state: string;
  parent: number;
  /** Clock ticks since boot; together with the pid it names one process, even after the pid is reused. */
  startTime: string;
}

/** Reads a line of /proc/PID/stat; undefined when it is not one. The command may hold spaces and parentheses. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return undefined;
  const fields = text
    .slice(close + 1)
    .trim()
    .split(/\s+/);
  const [state, parent] = fields;
  const startTime = fields[19];
  const pid = Number.parseInt(text.slice(0, open), 10);
  if (state === undefined || parent === undefined || startTime === undefined || Number.isNaN(pid)) {
    return undefined;
  }
  return { pid, command: text.slice(open + 1, close), state, parent: Number(parent), startTime };
}

/** The user ids of a process: real, effective, saved, of the file system (`Uid` of /proc/PID/status). */
export function parseUserIds(status: string): number[] {
  const line = /^Uid:\s+(.*)$/m.exec(status)?.[1];
  return line === undefined ? [] : line.trim().split(/\s+/).map(Number);
}

/** The pids of a process in every pid namespace from the reader's downwards (`NSpid` of /proc/PID/status). */
export function parseNamespacePids(status: string): number[] {
  const line = /^NSpid:\s+(.*)$/m.exec(status)?.[1];
  return line === undefined ? [] : line.trim().split(/\s+/).map(Number);
}
