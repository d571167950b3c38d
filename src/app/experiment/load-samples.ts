import { loadFacts, readLoad } from "../../core/judge/experiment/load.ts";
import type { LoadFacts } from "../../core/judge/experiment/record.ts";
import type { Node } from "../agents/node.ts";

const EVERY_MS = 2000;
/** Looks at the machine for each line of its input. */
const LOOK = `while cat /proc/loadavg && head -n 1 /proc/stat && read -r line; do :; done`;

export interface LoadSampling {
  /** What was seen so far. */
  facts(): LoadFacts;
  stop(): void;
}

/** Looks every two seconds at how busy a node's machine is, until it is stopped or the node is. Never rejects: a run goes on without. */
export function sampleLoad(node: Node): LoadSampling {
  const ending = new AbortController();
  const samples: NonNullable<ReturnType<typeof readLoad>>[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  let timer: NodeJS.Timeout | undefined;
  const ended = node.execBytes(["sh", "-c", LOOK], {
    signal: ending.signal,
    onOpen: (send) => (timer = setInterval(() => send("\n"), EVERY_MS)),
    onOutput: (piece) => {
      rest += decoder.decode(piece, { stream: true });
      // A look is two lines.
      for (let found = LINES.exec(rest); found !== null; found = LINES.exec(rest)) {
        rest = rest.slice(found[0].length);
        const sample = readLoad(found[0]);
        if (sample !== undefined) samples.push(sample);
      }
    },
    onErrorOutput: () => undefined,
  });
  void ended.catch(() => undefined).finally(() => clearInterval(timer));
  return {
    facts: () => loadFacts(samples, EVERY_MS / 1000),
    stop: () => {
      clearInterval(timer);
      ending.abort();
    },
  };
}

const LINES = /^[^\n]*\n[^\n]*\n/;
