import type { Daemon } from "./daemon.ts";

/** The problem of each daemon that runs, but does not answer. */
export function stallsOf(
  daemons: readonly Pick<Daemon, "name" | "stalled">[],
  code: string,
): { code: string; message: string }[] {
  return daemons.filter(({ stalled }) => stalled).map(({ name }) => ({ code, message: stallMessage(name) }));
}

function stallMessage(name: string): string {
  return `${name} runs, but does not answer; \`mhlab restart\` starts it again`;
}
