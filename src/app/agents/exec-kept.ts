import type { Node } from "./node.ts";

/** A command whose asker is not heard for so long is ended: its reader was killed, or the connection broke without a word. */
const KEEPALIVE_S = 10;
const EVERY_MS = 2500;
const KEPT = "k";

/** Exit codes of timeout(1): the time was over; the program cannot be run; there is no such program. */
export const KEPT_EXIT = { late: 124, notExecutable: 126, notFound: 127 } as const;

/**
 * Runs the words that follow until they end, or nobody asked for them for a while: the engine does not tell a process that its reader
 * is gone, but it closes the input when the connection breaks.
 */
const WHILE_ASKED = `exec 3<&0
"$@" < /dev/null &
child=$!
{ while [ "$(timeout ${KEEPALIVE_S} head -c 1 <&3)" = ${KEPT} ]; do :; done; kill -TERM $child; } > /dev/null 2>&1 &
wait $child`;

/** Without the rights of root, which \`exec\` has. */
const AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--no-new-privs"];

export interface ExecKeptOptions {
  /** After so many seconds it is ended. */
  readonly limitS: number;
  /** When it fires, the command is ended. */
  readonly signal: AbortSignal;
  /** Whether it runs without the rights of root. */
  readonly asNobody?: boolean;
  readonly onOutput: (piece: Uint8Array) => void;
  readonly onErrorOutput: (piece: Uint8Array) => void;
}

/** Runs a command in a node that ends with us, however we end; its exit code, or one of KEPT_EXIT. Rejects when the engine fails. */
export async function execKept(
  node: Pick<Node, "execBytes">,
  argv: readonly string[],
  { limitS, signal, asNobody = false, onOutput, onErrorOutput }: ExecKeptOptions,
): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const limited = ["timeout", "-k", "2", String(limitS), ...argv];
  const words = [...(asNobody ? AS_NOBODY : []), "sh", "-c", WHILE_ASKED, "sh", ...limited];
  try {
    return await node.execBytes(words, {
      signal,
      onOutput,
      onErrorOutput,
      onOpen(send) {
        send(KEPT);
        timer = setInterval(() => send(KEPT), EVERY_MS);
      },
    });
  } finally {
    clearInterval(timer);
  }
}
