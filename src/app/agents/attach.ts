import type { Request, RequestOf, StreamVerb } from "../../core/model/protocol/verbs.ts";
import type { ByteStream } from "../ports/exec-bytes.ts";
import { agentArgv } from "./ask.ts";

/** Where a command can be run that lasts as long as its input. */
export interface Attached {
  execBytes(argv: readonly string[], stream: ByteStream): Promise<number>;
}

/** A longer line is none of an agent's. */
const LONGEST_LINE = 64 * 1024;

/**
 * One stream that lasts until the signal ends its input, or its agent ends it. Hands over every whole line, also those that are
 * told after the signal. Rejects when the engine fails.
 */
export async function attach<V extends StreamVerb>(
  node: Attached,
  request: RequestOf<V>,
  { signal, onLine }: { readonly signal: AbortSignal; readonly onLine: (line: string) => void },
): Promise<void> {
  const cutter = (): ((piece: Uint8Array) => void) => {
    const decoder = new TextDecoder();
    let rest = "";
    return (piece) => {
      const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
      rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
      for (const line of lines) onLine(line);
    };
  };
  await node.execBytes(agentArgv(request as Request), {
    signal,
    onOutput: cutter(),
    onErrorOutput: cutter(),
  });
}
