import type { RequestOf } from "../../core/model/protocol/verbs.ts";
import type { LineStream } from "../ports/engine-reader.ts";
import { agentArgv, isRefusal } from "./ask.ts";

/** A stream in which nothing more is said for so long is given up: an agent says at least every 3 s that it is there. */
export const LONGEST_SILENCE_MS = 12_000;

/** Where a command can be run that follows an agent. */
export interface Followed {
  execLines(argv: readonly string[], stream: LineStream): Promise<void>;
}

export interface FollowOptions {
  /** Ends the stream, and is thrown then. */
  readonly signal: AbortSignal;
  /** Given up when nothing is said for so long at the beginning. */
  readonly patienceMs?: number;
  readonly onLine: (line: string) => void;
}

/**
 * One stream of events by one exec, to its end: the agent went, cut it off, or its container takes no command now.
 * Whether anything was said. Rejects when the signal fires or the engine fails.
 */
export async function follow(
  node: Followed,
  request: RequestOf<"events"> | RequestOf<"allEvents">,
  { signal, patienceMs, onLine }: FollowOptions,
): Promise<boolean> {
  let spoke = false;
  const silent = new AbortController();
  const giveUp = (ms: number): NodeJS.Timeout => setTimeout(() => silent.abort(), ms);
  let timer = patienceMs === undefined ? undefined : giveUp(patienceMs);
  try {
    await node.execLines(agentArgv(request), {
      signal: AbortSignal.any([signal, silent.signal]),
      onLine: (line) => {
        // A timer of its own for each of thousands of lines costs more than to read them.
        if (spoke) timer?.refresh();
        else {
          clearTimeout(timer);
          timer = giveUp(LONGEST_SILENCE_MS);
        }
        spoke = true;
        onLine(line);
      },
      onErrorLine: () => {},
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!silent.signal.aborted && !isRefusal(error)) throw error;
  } finally {
    clearTimeout(timer);
  }
  return spoke;
}
